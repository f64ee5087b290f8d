namespace Lowrank.Workbench;

/// <summary>A language model that is to be written in other bits.</summary>
/// <param name="Input">A folder with config.json and weights, or a GGUF file.</param>
/// <param name="Output">The GGUF file to be written, or the folder where <see cref="Type"/> is one of bitsandbytes.</param>
/// <param name="Type">A kind of GGUF file (q4_k_m, q8_0, bf16, ...), or nf4, fp4 or int8 of bitsandbytes, in whatever case.</param>
public sealed record QuantizingRequest(string Input, string Output, string Type) : IJobRequest
{
    /// <summary>Gives every matrix of a GGUF file the same type, without the mixture.</summary>
    public bool Pure { get; init; }

    /// <summary>Rounds a GGUF file or a folder whose matrices are rounded already; to become floats it needs not.</summary>
    public bool Requantize { get; init; }

    /// <summary>Rounds the blocks' magnitudes of nf4 and fp4 too.</summary>
    public bool DoubleQuant { get; init; }

    /// <summary>Whether an existing GGUF file may be replaced; a folder never is.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The format of bitsandbytes; null for a kind of GGUF file.</summary>
    internal BitsAndBytesParts? Folder => BitsAndBytesParts.Formats.Contains(Type.ToLowerInvariant())
        ? new(Type.ToLowerInvariant(), DoubleQuant) : null;

    /// <summary>The names of all types, those of files first.</summary>
    public static IReadOnlyList<string> Types { get; } =
        [.. QuantizedFileType.All.Select(type => type.Name.ToLowerInvariant()), .. BitsAndBytesParts.Formats];

    /// <summary>Whether a word is a type of few bits, which a dtype of floats is not.</summary>
    public static bool IsOfFewBits(string name) =>
        Types.Contains(name.ToLowerInvariant()) && name.ToLowerInvariant() is not ("f32" or "f16" or "bf16");

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        if (!Types.Contains(Type.ToLowerInvariant()))
        {
            yield return $"`type` is {Type}; there are {string.Join(", ", Types)}.";
            yield break;
        }
        bool isFolder = Folder is not null;
        if (isFolder && (Pure || Requantize))
            yield return $"`pure` and `requantize` are for GGUF files that are written, and {Type} is of bitsandbytes.";
        if (isFolder && Overwrite) yield return $"`overwrite` is for GGUF files: a folder of {Type} is always a new one. Leave it out.";
        if (DoubleQuant && Folder is not { Format: not "int8" }) yield return "`double quant` is for nf4 and fp4.";
        if (!isFolder && Path.GetExtension(Output) != ".gguf") yield return $"{Output} does not end in .gguf, which is what is written.";
    }

    /// <inheritdoc/>
    public IJobRequest Placed(Func<string, string> find) => this with { Input = find(Input) };
}
