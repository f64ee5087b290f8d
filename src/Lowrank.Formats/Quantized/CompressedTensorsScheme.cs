using System.Text.Json;

namespace Lowrank.Formats;

/// <summary>Folders of compressed-tensors (llm-compressor): what a weight's tensors are tells its format.</summary>
/// <param name="bits">Of how many bits weights are said to be; empty where nothing is said.</param>
sealed class CompressedTensorsScheme(IReadOnlySet<int> bits) : QuantizedScheme
{
    const string Weight = ".weight", Packed = ".weight_packed", Scale = ".weight_scale", Zero = ".weight_zero_point";
    const string Shape = ".weight_shape", Groups = ".weight_g_idx", GlobalScale = ".weight_global_scale";

    public override string Name => "compressed-tensors";

    internal static CompressedTensorsScheme From(JsonElement settings)
    {
        var told = new HashSet<int>();
        if (settings.TryGetProperty("config_groups", out var groups) && groups.ValueKind == JsonValueKind.Object)
            foreach (var group in groups.EnumerateObject())
            {
                bool tells = group.Value.ValueKind == JsonValueKind.Object && group.Value.TryGetProperty("weights", out var weights)
                    && weights.ValueKind == JsonValueKind.Object && weights.TryGetProperty("num_bits", out _);
                if (tells) told.Add(Count(group.Value.GetProperty("weights"), "num_bits"));
            }
        return new(told);
    }

    internal override IReadOnlyList<(string Mark, string Weight)> Marks => [(Packed, Weight), (Scale, Weight)];

    // Scales of activations are for rounding these, which is not done.
    internal override IReadOnlyList<string> Ends =>
        [Weight, Packed, Scale, Zero, Shape, Groups, GlobalScale, ".input_scale", ".input_global_scale", ".input_zero_point"];

    internal override long[] ShapeOf(QuantizedParts parts)
    {
        if (parts.Find(Packed) is not { } packed) return parts.Info(Weight).Shape;
        if (packed.Dtype == TensorDtype.U8) return [packed.Shape[0], packed.Shape[1] * 2];
        using var scope = NewDisposeScope();
        return [.. parts.Read(Shape).to(ScalarType.Int64).data<long>().ToArray()];
    }

    internal override Tensor Decode(QuantizedParts parts)
    {
        if (parts.Find(Packed) is not { } packed)
            return PackedRows.Scaled(parts.Read(Weight), parts.Read(Scale), parts.ReadIfThere(Zero), parts.ReadIfThere(Groups));
        if (packed.Dtype == TensorDtype.U8)
            return FourBitFloats.DecodeNvfp4(parts.Read(Packed), parts.Read(Scale), parts.Read(GlobalScale));
        var shape = ShapeOf(parts);
        return new PackedRows(BitsOf(shape, packed.Shape)).Decode(
            parts.Read(Packed), shape, parts.Read(Scale), parts.ReadIfThere(Zero), parts.ReadIfThere(Groups));
    }

    // A narrow weight fills as many words in several ways.
    int BitsOf(long[] shape, long[] packed)
    {
        int[] fitting = [.. new[] { 1, 2, 4, 8 }
            .Where(some => (shape[1] * some + 31) / 32 == packed[^1]).Where(some => bits.Count == 0 || bits.Contains(some))];
        if (fitting is [var one]) return one;
        string told = bits.Count == 0 ? "config.json tells no num_bits" : $"config.json tells num_bits {string.Join(", ", bits.Order())}";
        string fits = fitting.Length == 0 ? "none of which fits" : $"of which {string.Join(" and ", fitting)} fit";
        throw new LowrankException($"a weight {shape.Text()} packed as {packed.Text()} is of 1, 2, 4 or 8 bits, {fits} ({told}).");
    }
}
