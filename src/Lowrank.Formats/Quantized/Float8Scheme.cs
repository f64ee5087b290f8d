using System.Text.Json;

namespace Lowrank.Formats;

/// <summary>Folders of 8-bit floats with a factor by block or by tensor, as DeepSeek's.</summary>
sealed class Float8Scheme((long Rows, long Columns)? block) : QuantizedScheme
{
    const string Weight = ".weight", Factors = ".weight_scale_inv";

    public override string Name => "fp8";

    internal static Float8Scheme From(JsonElement settings)
    {
        if (!settings.TryGetProperty("weight_block_size", out var size) || size.ValueKind != JsonValueKind.Array) return new(null);
        long[] sides = [.. size.EnumerateArray().Select(side =>
            side.ValueKind == JsonValueKind.Number && side.TryGetInt64(out long length) ? length : 0)];
        return sides is [> 0 and var rows, > 0 and var columns] ? new((rows, columns)) : throw new LowrankException(
            $"weight_block_size is {size.GetRawText()}, and a block has rows and columns: two whole numbers above zero.");
    }

    internal override IReadOnlyList<(string Mark, string Weight)> Marks => [(Factors, Weight)];

    internal override IReadOnlyList<string> Ends => [Weight, Factors, ".activation_scale", ".input_scale"];

    internal override long[] ShapeOf(QuantizedParts parts) => parts.Info(Weight).Shape;

    internal override Tensor Decode(QuantizedParts parts)
    {
        var factors = parts.Read(Factors);
        return Float8Blocks.Decode(parts.Read(Weight), factors.dtype == ScalarType.Byte ? Float8Blocks.Powers(factors) : factors, block);
    }
}
