"""The words of the first pages, in each language; editors change them in the admin."""

from typing import NamedTuple

Trilingual = dict[str, str]


class Words(NamedTuple):
    """How a founding page is called, in each language, and what it says."""

    title: Trilingual
    slug: Trilingual
    text: Trilingual = {}


HOME = Words(
    title={
        "fr": "Les rencontres de l’Initiative «\u00a04 pour 1000\u00a0»",
        "en": "Meetings of the “4 per 1000” Initiative",
        "es": "Los encuentros de la Iniciativa «4 por 1000»",
    },
    slug={"fr": "fr", "en": "en", "es": "es"},
)

INTRODUCTION: Trilingual = {
    "fr": (
        "Réunions régionales, Journées de l’Initiative, Forums des Partenaires et webinaires\u00a0: "
        "le programme de l’Initiative internationale «\u00a04 pour 1000\u00a0», les sols pour la sécurité "
        "alimentaire et le climat."
    ),
    "en": (
        "Regional meetings, Initiative Days, Forums of Partners and webinars: the programme of the international "
        "“4 per 1000” Initiative, soils for food security and climate."
    ),
    "es": (
        "Reuniones regionales, Jornadas de la Iniciativa, Foros de Socios y seminarios web: el programa de la "
        "Iniciativa internacional «4 por 1000», los suelos para la seguridad alimentaria y el clima."
    ),
}

AGENDA = Words(
    title={"fr": "Agenda", "en": "Agenda", "es": "Calendario"},
    slug={"fr": "agenda", "en": "calendar", "es": "calendario"},
)
REGIONS = Words(
    title={"fr": "Régions", "en": "Regions", "es": "Regiones"},
    slug={"fr": "regions", "en": "regions", "es": "regiones"},
)
ORGANISATIONS = Words(
    title={"fr": "Organisations", "en": "Organisations", "es": "Organizaciones"},
    slug={"fr": "organisations", "en": "organisations", "es": "organizaciones"},
)
SEARCH = Words(
    title={"fr": "Recherche", "en": "Search", "es": "Buscar"},
    slug={"fr": "recherche", "en": "search", "es": "buscar"},
)

PRIVACY = Words(
    title={"fr": "Données personnelles", "en": "Privacy", "es": "Datos personales"},
    slug={"fr": "donnees-personnelles", "en": "privacy", "es": "datos-personales"},
    text={
        "fr": (
            "<p>Ce site est celui du Secrétariat exécutif de l’Initiative internationale «\u00a04 pour 1000\u00a0». "
            "On peut le lire sans rien dire de soi\u00a0: il ne contient ni publicité, ni mesure d’audience, "
            "et ne charge rien d’un autre site.</p>"
            "<h2>Quand vous vous inscrivez</h2>"
            "<p>Nous gardons ce que vous écrivez dans le formulaire\u00a0: votre nom, votre adresse électronique, "
            "votre organisation, votre pays, votre façon de participer et la langue de vos lettres. "
            "Ces données servent à organiser la rencontre à laquelle vous vous inscrivez, et à rien d’autre. "
            "Le Secrétariat exécutif les lit\u202f; elles ne sont ni vendues, ni données à des tiers.</p>"
            "<h2>Vos droits</h2>"
            "<p>Le lien de votre lettre de confirmation mène à votre page\u00a0: vous pouvez y voir, corriger et "
            "annuler "
            "votre inscription. Pour obtenir une copie de vos données ou les faire effacer, répondez à cette "
            "lettre.</p>"
            "<h2>Cookies</h2>"
            "<p>Un cookie protège les formulaires, un autre garde la session des personnes qui administrent le site. "
            "Aucun ne vous suit.</p>"
        ),
        "en": (
            "<p>This site belongs to the Executive Secretariat of the international “4 per 1000” Initiative. "
            "It can be read without telling anything about yourself: it has no advertising and no audience "
            "measurement, "
            "and loads nothing from another site.</p>"
            "<h2>When you register</h2>"
            "<p>We keep what you write in the form: your name, your e-mail address, your organisation, your country, "
            "how you take part and the language of your letters. These data serve to run the meeting you register for, "
            "and nothing else. The Executive Secretariat reads them; they are neither sold nor handed to anybody "
            "else.</p>"
            "<h2>Your rights</h2>"
            "<p>The link in your letter of confirmation leads to your page: there you can see, correct and cancel your "
            "registration. For a copy of your data, or to have them erased, answer that letter.</p>"
            "<h2>Cookies</h2>"
            "<p>One cookie protects the forms, another keeps the session of those who run the site. "
            "None of them follows you.</p>"
        ),
        "es": (
            "<p>Este sitio es de la Secretaría Ejecutiva de la Iniciativa internacional «4 por 1000». "
            "Se puede leer sin decir nada de uno mismo: no contiene publicidad ni mediciones de audiencia "
            "y no carga nada de otros sitios.</p>"
            "<h2>Cuando se inscribe</h2>"
            "<p>Guardamos lo que escribe en el formulario: su nombre, su correo electrónico, su organización, su país, "
            "su forma de participar y el idioma de sus cartas. Estos datos sirven para organizar el encuentro en el "
            "que "
            "se inscribe, y para nada más. Los lee la Secretaría Ejecutiva; no se venden ni se entregan a terceros.</p>"
            "<h2>Sus derechos</h2>"
            "<p>El enlace de su carta de confirmación lleva a su página: allí puede ver, corregir y anular su "
            "inscripción. Para obtener una copia de sus datos, o para que se borren, responda a esa carta.</p>"
            "<h2>Cookies</h2>"
            "<p>Una cookie protege los formularios y otra guarda la sesión de quienes administran el sitio. "
            "Ninguna le sigue.</p>"
        ),
    },
)

ACCESSIBILITY = Words(
    title={"fr": "Accessibilité", "en": "Accessibility", "es": "Accesibilidad"},
    slug={"fr": "accessibilite", "en": "accessibility", "es": "accesibilidad"},
    text={
        "fr": (
            "<p>Ce site est fait pour que chacun puisse s’en servir\u00a0: au clavier, avec un lecteur d’écran, "
            "agrandi, "
            "sur un petit écran, sans JavaScript. Il vise le niveau AA des règles internationales WCAG 2.2.</p>"
            "<p>Il n’a pas encore été audité par un organisme indépendant. Les documents et les vidéos "
            "publiés par d’autres peuvent ne pas être accessibles.</p>"
            "<p>Quelque chose vous arrête\u202f? Dites-le au Secrétariat exécutif\u00a0: nous vous donnerons "
            "l’information autrement, et nous corrigerons la page.</p>"
        ),
        "en": (
            "<p>This site is made so that everybody can use it: with a keyboard, with a screen reader, enlarged, "
            "on a small screen, without JavaScript. It aims at level AA of the international guidelines WCAG 2.2.</p>"
            "<p>It has not yet been audited by an independent body. Documents and videos published by others "
            "may not be accessible.</p>"
            "<p>Something stops you? Tell the Executive Secretariat: we will give you the information another way, "
            "and mend the page.</p>"
        ),
        "es": (
            "<p>Este sitio está hecho para que todo el mundo pueda usarlo: con el teclado, con un lector de pantalla, "
            "ampliado, en una pantalla pequeña, sin JavaScript. Aspira al nivel AA de las pautas internacionales "
            "WCAG 2.2.</p>"
            "<p>Todavía no lo ha auditado ningún organismo independiente. Los documentos y los vídeos publicados por "
            "otros pueden no ser accesibles.</p>"
            "<p>¿Algo se lo impide? Dígaselo a la Secretaría Ejecutiva: le daremos la información de otro modo "
            "y corregiremos la página.</p>"
        ),
    },
)
