"""Parts of the world, who works there, and the news from them."""
