namespace Lowrank.Models;

/// <summary>Mistral (Jiang et al., arXiv 2310.06825): every layer sees so far back as <c>sliding_window</c> says.</summary>
static class Mistral
{
    public static LanguageArchitecture Architecture { get; } = new("mistral", "Mistral")
    {
        Read = Read,
        Tasks = LanguageTask.OverBody("Mistral", (config, storage) => Body((RopedConfig)config, storage)),
        Gguf = Llama.Architecture.Gguf,
    };

    static RopedConfig Read(ConfigReader file)
    {
        var config = RopedConfig.Read(file);
        return config with { Windows = ConfigFields.WindowsIn(file, config.Layers, _ => true) };
    }

    static Decoder Body(RopedConfig config, Storage? storage) =>
        new("MistralModel", LlamaParts.Of("Mistral", config, config.Roped, new(), mlpBias: false, storage));
}
