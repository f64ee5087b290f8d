namespace Lowrank.Adapters;

/// <summary>How PEFT stores one of its methods.</summary>
/// <param name="Name">Its peft_type.</param>
/// <param name="Method">Ours, by name.</param>
/// <param name="Parts">Suffixes behind a layer's path, and the parts they mean. Of several for one part the first is written.</param>
sealed record PeftType(string Name, string Method, params (string Suffix, string Part)[] Parts)
{
    /// <summary>Parts that all targets share, and the whole keys under which they stand.</summary>
    public KeyMap Shared { get; init; } = new();

    /// <summary>The field that holds the rank.</summary>
    public string? Rank { get; init; } = "r";

    /// <summary>The field that holds alpha, of methods whose alpha is a part of ours; null where there is none.</summary>
    public string? Alpha { get; init; }

    /// <summary>PEFT's alpha where the config has none.</summary>
    public double DefaultAlpha { get; init; } = 8;

    /// <summary>Fields that change the formula in a way that is not known here, with their harmless values.</summary>
    public IReadOnlyList<string> Unsupported { get; init; } = [];

    /// <summary>Fields that a pattern may set for single layers, with the pattern's field.</summary>
    public IReadOnlyList<(string Field, string Pattern)> Patterns { get; init; } = [];

    /// <summary>PEFT's names of our arguments, where they differ; an empty one is not written.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    /// <summary>Fields that PEFT writes whatever the adapter is, with the values that change nothing.</summary>
    public IReadOnlyDictionary<string, object?> Defaults { get; init; } = new Dictionary<string, object?>();

    /// <summary>Whether the configuration has a field for layers that keep their weight as (in, out): fan_in_fan_out.</summary>
    public bool TellsTransposed { get; init; }

    /// <summary>The part that the configuration tells in place of a tensor, beside alpha.</summary>
    public string? PartInConfig { get; init; }

    /// <summary>Our value of a part as a file's, where the two differ.</summary>
    public Func<Reparameterization, string, Tensor, Tensor>? Write { get; init; }

    /// <summary>Whether the configuration tells a part in place of a tensor.</summary>
    public bool Tells(string part) => part == PartInConfig || part == "alpha" && Alpha is not null;
}
