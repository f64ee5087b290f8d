namespace Lowrank.Models;

/// <summary>A family of language models: how its config is read, which models there are, what their weights are called.</summary>
/// <param name="Name">Its <c>model_type</c>: "llama".</param>
/// <param name="Title">Its name for people.</param>
public sealed record LanguageArchitecture(string Name, string Title)
{
    /// <summary>Other names that <c>model_type</c> may have.</summary>
    public IReadOnlyList<string> OtherNames { get; init; } = [];

    /// <summary>The classes that can be built, by their published names; the first where config.json names none.</summary>
    public IReadOnlyList<string> Classes => [.. Tasks.Select(task => task.Class)];

    /// <summary>What adapters' files call it, and how they are known to be for it.</summary>
    public ModelFamily Family => LanguageFamilies.Of(Name, Title);

    /// <summary>Reads a config.</summary>
    internal Func<ConfigReader, LanguageConfig> Read { get; init; } = _ => throw new NotSupportedException();

    /// <summary>The models by their published classes.</summary>
    internal IReadOnlyList<LanguageTask> Tasks { get; init; } = [];

    /// <summary>Whether a head that is not stored is the table of tokens, whatever the config says.</summary>
    internal bool TiesAbsentHead { get; init; }

    /// <summary>The body alone, for whoever makes something of its states; null where none is built.</summary>
    internal LanguageTask? States { get; init; }

    /// <summary>How its models lie in GGUF files; null where they do not.</summary>
    internal GgufLayout? Gguf { get; init; }

    /// <summary>What mlx-lm calls its modules; null where by their published paths.</summary>
    internal KeyMap? Mlx { get; init; }

    /// <summary>What the weights are called in files.</summary>
    internal WeightNames Names { get; init; } = new();
}
