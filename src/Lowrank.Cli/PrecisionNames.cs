using static TorchSharp.torch;

namespace Lowrank.Cli;

/// <summary>How a precision is spelled on the command line and in recipes.</summary>
static class PrecisionNames
{
    /// <summary>The spellings.</summary>
    public static IReadOnlyList<string> All { get; } = ["auto", "bf16", "f32"];

    /// <summary>"bf16" or "f32".</summary>
    public static string Of(Precision precision) => precision.Compute == ScalarType.BFloat16 ? "bf16" : "f32";

    /// <summary>The precision of that name; "auto" is the faster one on this processor.</summary>
    public static Precision Named(string name) => name switch
    {
        "bf16" => Precision.BFloat16,
        "f32" => Precision.Float32,
        _ => Processor.Current.FasterPrecision,
    };
}
