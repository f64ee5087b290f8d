namespace Lowrank.Models;

/// <summary>The families of language models. A new one is a file and a line here.</summary>
public static class LanguageArchitectures
{
    static readonly NamedList<LanguageArchitecture> list = new("language model", family => [family.Name, .. family.OtherNames],
        Gpt2.Architecture,
        Llama.Architecture,
        Mistral.Architecture,
        Qwen2.Architecture,
        Qwen3.Architecture,
        Phi3.Architecture,
        Gemma.Architecture,
        Gemma2.Architecture,
        Gemma3.Architecture,
        SmolLm3.Architecture,
        Phi.Architecture,
        GptNeoX.Architecture,
        Opt.Architecture,
        Falcon.Architecture,
        Starcoder2.Architecture,
        Granite.Architecture,
        Olmo2.Architecture,
        Cohere.Architecture,
        Mixtral.Architecture,
        Qwen2Moe.Architecture,
        Qwen3Moe.Architecture,
        GptOss.Architecture,
        Bert.Architecture,
        Roberta.Architecture,
        DistilBert.Architecture,
        Deberta.Architecture,
        ModernBert.Architecture,
        T5.Architecture);

    /// <summary>Every family.</summary>
    public static IReadOnlyList<LanguageArchitecture> All => list.All;

    /// <summary>The family of that <c>model_type</c>; null where it is not known.</summary>
    public static LanguageArchitecture? Of(string modelType) => list.TryNamed(modelType, out var found) ? found : null;

    /// <summary>The family of the model in a GGUF file; null where it holds none, or of a family that is not known.</summary>
    internal static LanguageArchitecture? InGguf(GgufMetadata metadata) =>
        GgufArchitecture.IsModel(metadata) ? GgufArchitecture.Of(metadata, All, family => family.Gguf) : null;

    /// <summary>The family of the model in a GGUF file.</summary>
    /// <exception cref="LowrankException">It holds none, or of a family that is not known; the known ones are told.</exception>
    internal static LanguageArchitecture OfGguf(GgufFile file)
    {
        if (InGguf(file.Entries) is { } family) return family;
        string? type = file.Entries.Text(GgufArchitecture.TypeKey), name = file.Entries.Text(GgufArchitecture.Key);
        if (!GgufArchitecture.IsModel(file.Entries))
            throw new LowrankException(name is null
                ? $"{file.Path} says of no architecture that it is: {GgufArchitecture.Key} is missing. Is it a model's file?"
                : $"{file.Path} is no model: its {GgufArchitecture.TypeKey} is \"{type}\". Give the model's own file.");
        string known = string.Join(", ", All.Select(one => one.Gguf?.Architecture).OfType<string>().Distinct());
        string families = string.Join(", ", All.Select(one => one.Name));
        throw new LowrankException($"{file.Path}: {GgufArchitecture.Key} is \"{name}\", which is no architecture that is built. Known " +
            $"are {known}. Take the model's own folder, if its family is known: {families}.");
    }

    /// <summary>The family of that <c>model_type</c>.</summary>
    /// <exception cref="LowrankException">It is not known; the nearest are told.</exception>
    public static LanguageArchitecture Named(string modelType) => list.Named(modelType);
}
