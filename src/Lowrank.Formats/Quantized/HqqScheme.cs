using System.Text;

namespace Lowrank.Formats;

/// <summary>Folders of HQQ, as transformers keeps them: a layer's settings are tensors beside its numbers.</summary>
/// <remarks>Source: hqq, core/quantize.py, HQQLinear.state_dict, and core/utils.py, encode_safetensor_type.</remarks>
sealed class HqqScheme : QuantizedScheme
{
    const string Numbers = ".W_q", Scale = ".scale", Zero = ".zero", Shape = ".shape", Group = ".group_size", Axis = ".axis";
    const string Packing = ".packing", AsFloats = ".view_as_float";

    // Scales and zeros that are rounded themselves: hqq does not write such files.
    static readonly string[] rounded = [".quant_scale", ".quant_zero"];

    // How the numbers were found, and what the program computes in.
    static readonly string[] beside =
    [
        ".nbits", ".channel_wise", ".optimize", ".round_zero", ".unpack_view_dtype", ".compute_dtype", ".offload_meta",
        ".encoded_state_dict", ".stores_quant_config",
    ];

    static readonly Dictionary<string, int> bitsOf = new()
    {
        ["8bit_u8"] = 8, ["4bit_u8"] = 4, ["3bit_32"] = 3, ["2bit_u8"] = 2, ["1bit_u8"] = 1,
    };

    public override string Name => "hqq";

    internal override IReadOnlyList<(string Mark, string Weight)> Marks => [(Numbers, ".weight")];

    internal override IReadOnlyList<string> Ends =>
        [Numbers, Scale, Zero, Shape, Group, Axis, Packing, AsFloats, .. rounded, .. beside];

    internal override long[] ShapeOf(QuantizedParts parts)
    {
        using var scope = NewDisposeScope();
        return [.. parts.Read(Shape).to(ScalarType.Int64).data<long>().ToArray()];
    }

    internal override Tensor Decode(QuantizedParts parts)
    {
        if (rounded.FirstOrDefault(part => IsOn(parts, part)) is { } odd)
            throw new LowrankException($"{parts.Module}{odd} is set: scales or zeros that are rounded themselves are not read.");
        var (scale, zero, shape) = (parts.Read(Scale), parts.Read(Zero), ShapeOf(parts));
        long count = shape.Aggregate(1L, (product, side) => product * side);
        long group = parts.Find(Group) is null ? count / Math.Max(1, scale.numel()) : parts.Read(Group).to(ScalarType.Int64).ToInt64();
        int axis = (int)parts.Read(Axis).to(ScalarType.Int64).ToInt64();
        int bits = BitsOf(parts);
        return new Hqq(bits, group, axis).Decode(Words(parts, bits), scale, zero, shape);
    }

    // How many lie in a byte or word is told by a name; without one each has its own.
    static int BitsOf(QuantizedParts parts)
    {
        if (parts.Find(Packing) is null) return 8;
        using var scope = NewDisposeScope();
        string name = Encoding.ASCII.GetString(parts.Read(Packing).to(ScalarType.Byte).contiguous().bytes);
        return bitsOf.TryGetValue(name, out int bits) ? bits
            : throw new LowrankException($"{parts.Module}{Packing} is '{name}', and read are {string.Join(", ", bitsOf.Keys)}.");
    }

    // The bytes may be kept as if they were floats, for programs that split tensors of floats alone.
    static Tensor Words(QuantizedParts parts, int bits)
    {
        var words = parts.Read(Numbers);
        if (!IsOn(parts, AsFloats)) return words;
        var (type, wide) = bits == 3 ? (ScalarType.Int32, sizeof(int)) : (ScalarType.Byte, 1);
        long bytes = words.numel() * words.element_size();
        if (words.shape is not [> 0 and var rows, ..] || bytes % (rows * wide) != 0)
            throw new LowrankException($"{parts.Module}{Numbers} has the shape {words.shape.Text()}, and rows of numbers in {wide} bytes " +
                "belong there.");
        var own = empty([rows, bytes / rows / wide], type, CPU);
        words.contiguous().bytes.CopyTo(own.bytes);
        return own;
    }

    static bool IsOn(QuantizedParts parts, string part)
    {
        using var scope = NewDisposeScope();
        return parts.ReadIfThere(part) is { } told && told.to(ScalarType.Int64).ToInt64() != 0;
    }
}
