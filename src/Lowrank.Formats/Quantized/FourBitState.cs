using System.Text.Json;

namespace Lowrank.Formats;

/// <summary>What bitsandbytes writes beside a weight of four bits, as JSON in a tensor of bytes.</summary>
/// <param name="Code">NF4 or FP4.</param>
/// <param name="BlockSize">Values of a block.</param>
/// <param name="Dtype">The weight's own dtype, which its values are rounded to at the peer.</param>
/// <param name="Shape">The weight's shape.</param>
/// <param name="NestedOffset">The mean of magnitudes that are rounded themselves; null where they are not.</param>
/// <param name="NestedBlockSize">How many of them share a scale.</param>
public sealed record FourBitState(FourBitCode Code, int BlockSize, string Dtype, long[] Shape, float? NestedOffset, int NestedBlockSize)
{
    /// <summary>The key's part before the code's name.</summary>
    internal const string Key = "quant_state.bitsandbytes__";

    /// <summary>Reads it.</summary>
    /// <exception cref="LowrankException">It is no JSON, or lacks a field.</exception>
    public static FourBitState Read(Tensor bytes)
    {
        try
        {
            using var scope = NewDisposeScope();
            using var document = JsonDocument.Parse(StoredTensor.Plain(bytes).data<byte>().ToArray());
            var json = document.RootElement;
            float? offset = json.TryGetProperty("nested_offset", out var nested) ? nested.GetSingle() : null;
            int nestedSize = json.TryGetProperty("nested_blocksize", out var size) ? size.GetInt32() : 256;
            int blockSize = json.GetProperty("blocksize").GetInt32();
            if (blockSize <= 0 || nestedSize <= 0)
                throw new LowrankException($"a {Key} tensor tells of blocks of {blockSize} values and {nestedSize} magnitudes, and there " +
                    "are some in a block.");
            return new(FourBitCode.Named(json.GetProperty("quant_type").GetString()!), blockSize,
                json.GetProperty("dtype").GetString()!, [.. json.GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt64())],
                offset, nestedSize);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new LowrankException($"a {Key} tensor is not what bitsandbytes writes: {error.Message}", error);
        }
    }
}
