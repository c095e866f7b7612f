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
            "agrandi, sur un petit écran, sans JavaScript. Il vise le niveau AA des règles internationales WCAG 2.2. "
            "Nous le disons <b>partiellement conforme</b>\u00a0: des essais automatiques ne trouvent plus de défaut, "
            "mais aucun organisme indépendant ne l’a encore audité.</p>"
            "<h2>Ce qui ne marche pas encore</h2>"
            "<ul>"
            "<li>Des personnes qui se servent chaque jour d’un lecteur d’écran n’ont pas encore essayé le site.</li>"
            "<li>Des documents joints, des présentations et des vidéos publiés par d’autres peuvent ne pas être "
            "accessibles\u00a0: PDF sans structure, vidéos sans sous-titres.</li>"
            "<li>Sur un téléphone, les points de la carte des organisations sont petits et proches en Europe. "
            "La liste placée sous la carte dit la même chose.</li>"
            "<li>La grille du mois se lit comme une liste, semaine après semaine\u00a0: on n’y passe pas d’un jour "
            "à l’autre avec les flèches.</li>"
            "<li>Un texte qui n’est pas encore traduit paraît dans une autre langue\u00a0: il le dit, et un lecteur "
            "d’écran le prononce dans cette langue.</li>"
            "<li>L’espace des personnes qui rédigent le site repose sur le logiciel Wagtail, et n’a pas été essayé "
            "avec la même rigueur.</li>"
            "</ul>"
            "<h2>Comment nous l’essayons</h2>"
            "<p>Avant chaque nouvelle version, le logiciel axe-core examine chaque sorte de page dans les trois "
            "langues, claire et sombre, sur un écran étroit et agrandie à 400\u202f%. Toute l’inscription à une "
            "rencontre est parcourue au clavier seul, puis sans JavaScript.</p>"
            "<h2>Quelque chose vous arrête\u202f?</h2>"
            '<p><a href="/fr/ecrire-a-une-region/GLOBAL/">Écrivez au Secrétariat exécutif</a>, avec l’adresse de la '
            "page et ce que vous vouliez y faire. Nous vous donnerons l’information autrement, et nous corrigerons la "
            "page. Nous répondons en français, en anglais ou en espagnol.</p>"
            "<p>Déclaration établie le 22 novembre 2026 par le Secrétariat exécutif.</p>"
        ),
        "en": (
            "<p>This site is made so that everybody can use it: with a keyboard, with a screen reader, enlarged, "
            "on a small screen, without JavaScript. It aims at level AA of the international guidelines WCAG 2.2. "
            "We call it <b>partially conformant</b>: automatic tests find no more faults, but no independent body "
            "has audited it yet.</p>"
            "<h2>What does not work yet</h2>"
            "<ul>"
            "<li>People who use a screen reader every day have not tried the site yet.</li>"
            "<li>Attached documents, slides and videos published by others may not be accessible: PDF files without "
            "structure, videos without captions.</li>"
            "<li>On a phone, the points on the map of organisations are small, and close together in Europe. "
            "The list below the map says the same.</li>"
            "<li>The month grid reads as a list, week after week: arrow keys do not move from day to day.</li>"
            "<li>A text that is not translated yet appears in another language: it says so, and a screen reader "
            "pronounces it in that language.</li>"
            "<li>The area of those who write the site relies on the software Wagtail, and has not been tried with the "
            "same rigour.</li>"
            "</ul>"
            "<h2>How we test it</h2>"
            "<p>Before each new version the software axe-core examines every kind of page in the three languages, "
            "light and dark, on a narrow screen and magnified to 400%. The whole registration for a meeting is walked "
            "through by keyboard alone, then without JavaScript.</p>"
            "<h2>Something stops you?</h2>"
            '<p><a href="/en/write-to-a-region/GLOBAL/">Write to the Executive Secretariat</a>, with the address of '
            "the page and what you wanted to do there. We will give you the information another way, and mend the "
            "page. We answer in French, English or Spanish.</p>"
            "<p>Statement drawn up on 22 November 2026 by the Executive Secretariat.</p>"
        ),
        "es": (
            "<p>Este sitio está hecho para que todo el mundo pueda usarlo: con el teclado, con un lector de pantalla, "
            "ampliado, en una pantalla pequeña, sin JavaScript. Aspira al nivel AA de las pautas internacionales "
            "WCAG 2.2. Lo declaramos <b>parcialmente conforme</b>: las pruebas automáticas ya no encuentran defectos, "
            "pero ningún organismo independiente lo ha auditado todavía.</p>"
            "<h2>Lo que todavía no funciona</h2>"
            "<ul>"
            "<li>Todavía no han probado el sitio personas que usan un lector de pantalla cada día.</li>"
            "<li>Los documentos adjuntos, las presentaciones y los vídeos publicados por otros pueden no ser "
            "accesibles: PDF sin estructura, vídeos sin subtítulos.</li>"
            "<li>En un teléfono, los puntos del mapa de organizaciones son pequeños y están juntos en Europa. "
            "La lista situada debajo del mapa dice lo mismo.</li>"
            "<li>La cuadrícula del mes se lee como una lista, semana tras semana: las flechas no llevan de un día "
            "a otro.</li>"
            "<li>Un texto que aún no está traducido aparece en otro idioma: lo dice, y un lector de pantalla lo "
            "pronuncia en ese idioma.</li>"
            "<li>El espacio de quienes redactan el sitio se basa en el programa Wagtail y no se ha probado con el "
            "mismo rigor.</li>"
            "</ul>"
            "<h2>Cómo lo probamos</h2>"
            "<p>Antes de cada nueva versión, el programa axe-core examina cada tipo de página en los tres idiomas, "
            "clara y oscura, en una pantalla estrecha y ampliada al 400\u00a0%. Toda la inscripción en un encuentro se "
            "recorre solo con el teclado y, después, sin JavaScript.</p>"
            "<h2>¿Algo se lo impide?</h2>"
            '<p><a href="/es/escribir-a-una-region/GLOBAL/">Escriba a la Secretaría Ejecutiva</a> indicando la '
            "dirección de la página y lo que quería hacer en ella. Le daremos la información de otro modo y "
            "corregiremos la página. Respondemos en francés, inglés o español.</p>"
            "<p>Declaración elaborada el 22 de noviembre de 2026 por la Secretaría Ejecutiva.</p>"
        ),
    },
)
