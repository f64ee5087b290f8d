namespace Lowrank.Torch;

/// <summary>How a precision is spelled on the command line and in recipes.</summary>
public static class PrecisionNames
{
    /// <summary>The spellings; "auto" is the faster one on this processor.</summary>
    public static IReadOnlyList<string> All { get; } = ["auto", "bf16", "f32"];

    /// <summary>They as a sentence has them.</summary>
    public static string Prose => "auto (the faster one on this processor), bf16 or f32";

    /// <summary>"bf16" or "f32".</summary>
    public static string Of(Precision precision) => precision.Compute == ScalarType.BFloat16 ? "bf16" : "f32";

    /// <summary>The word of <see cref="All"/> for one of another spelling, such as accelerate's "no"; any other text as it is.</summary>
    public static string Plain(string name) => name is "no" ? "f32" : DtypeNames.Plain(name);

    /// <summary>The precision of that name, or of another spelling of it.</summary>
    /// <exception cref="LowrankException">It is none of <see cref="All"/>.</exception>
    public static Precision Named(string name) => Plain(name) switch
    {
        "auto" => Precision.FasterOn(Processor.Current),
        "bf16" => Precision.BFloat16,
        "f32" => Precision.Float32,
        _ => throw new LowrankException($"precision is \"{name}\", which is none of {string.Join(", ", All)}"),
    };
}
