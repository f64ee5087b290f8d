using System.Text.Json;

namespace Lowrank.Formats;

/// <summary>A way in which other programs keep weights of few bits in a model's folder: which tensors make a weight, and what its values
/// are.</summary>
public abstract class QuantizedScheme
{
    const string Method = "quant_method";

    /// <summary>What the configuration calls it: "gptq".</summary>
    public abstract string Name { get; }

    /// <summary>The scheme that a model's <c>config.json</c> tells of in its <c>quantization_config</c>; null where it tells of
    /// none.</summary>
    /// <exception cref="LowrankException">A method that is not known, or settings that are missing.</exception>
    public static QuantizedScheme? Of(JsonElement config) =>
        config.TryGetProperty("quantization_config", out var settings) && settings.ValueKind == JsonValueKind.Object
            ? OfSettings(settings) : null;

    /// <summary>The scheme of a <c>quantization_config</c>, or of the <c>quantize_config.json</c> that older GPTQ folders have.</summary>
    /// <exception cref="LowrankException">A method that is not known, or settings that are missing.</exception>
    public static QuantizedScheme OfSettings(JsonElement settings)
    {
        // The older file names no method: all that wrote it wrote GPTQ.
        bool isNamed = settings.TryGetProperty(Method, out var named) && named.ValueKind == JsonValueKind.String;
        string method = isNamed ? named.GetString()! : "gptq";
        return method switch
        {
            "bitsandbytes" or "bitsandbytes_4bit" or "bitsandbytes_8bit" => new BitsAndBytesScheme(),
            "gptq" => GptqScheme.From(settings),
            "awq" => AwqScheme.From(settings),
            "compressed-tensors" => CompressedTensorsScheme.From(settings),
            "fp8" => Float8Scheme.From(settings),
            "mxfp4" => new Mxfp4Scheme(),
            "hqq" => new HqqScheme(),
            "torchao" => new TorchaoScheme(),
            _ => throw new LowrankException($"weights quantised by '{method}' are not read; read are those of bitsandbytes, gptq, awq, " +
                "compressed-tensors, fp8, mxfp4, hqq and torchao. Take the model's folder of floats, or convert it with the program that " +
                "wrote it."),
        };
    }

    /// <summary>The file as if it held the weights' values in float32, each made when it is read; what is not quantised stays.</summary>
    /// <param name="file">The stored tensors; it is disposed of with the result.</param>
    /// <exception cref="LowrankException">A part is missing, or does not go with the others.</exception>
    public IPackedFile Open(ITensorFile file) => new DequantizedFile(file, this);

    /// <summary>The names' ends by which weights are known, each with the end of the weight's own name.</summary>
    internal abstract IReadOnlyList<(string Mark, string Weight)> Marks { get; }

    /// <summary>The ends of all parts of a weight, those that may lack too.</summary>
    internal abstract IReadOnlyList<string> Ends { get; }

    /// <summary>The weight's shape.</summary>
    internal abstract long[] ShapeOf(QuantizedParts parts);

    /// <summary>The weight's values in float32; they belong to the caller's scope.</summary>
    internal abstract Tensor Decode(QuantizedParts parts);

    /// <summary>The weight as it is kept; null where it is no matrix.</summary>
    internal virtual IPackedMatrix? ReadPacked(QuantizedParts parts)
    {
        if (ShapeOf(parts).Length != 2) return null;
        var held = parts.Held(Ends);
        return new StoredMatrix(this, held, ShapeOf(held));
    }

    /// <summary>How other values of a weight are kept; null where the format is only read.</summary>
    internal virtual BitsAndBytesParts? WriterOf(QuantizedParts parts) => null;

    /// <summary>A number of the settings.</summary>
    /// <exception cref="LowrankException">There is none.</exception>
    private protected static int Count(JsonElement settings, string name) =>
        settings.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int count) ? count
        : throw new LowrankException($"the quantization_config has no whole number as {name}, which its weights cannot be read without" +
            $"{(value.ValueKind == JsonValueKind.Undefined ? "" : $" (it is {value.GetRawText()})")}.");
}
