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
        return new((size[0].GetInt64(), size[1].GetInt64()));
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
