"""The services on the web, by the name of their adapter. A new one is a module and a line here."""

from mediaexchange.core.translating.azure import AzureTranslator
from mediaexchange.core.translating.deepl import DeepLTranslator
from mediaexchange.core.translating.libretranslate import LibreTranslator
from mediaexchange.core.translating.services import Service

SERVICES: dict[str, type[Service]] = {
    service.adapter: service for service in (AzureTranslator, DeepLTranslator, LibreTranslator)
}
