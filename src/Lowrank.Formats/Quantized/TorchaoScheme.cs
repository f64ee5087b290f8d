using System.Text.Json;

namespace Lowrank.Formats;

/// <summary>Folders of torchao, whose tensors are taken apart into plain ones: <c>q_proj._weight_qdata</c> and what goes with it, the
/// kind in the file's header.</summary>
/// <remarks>Source: torchao, prototype/safetensors; the kinds' own files under quantization/quantize_/workflows.</remarks>
sealed class TorchaoScheme : QuantizedScheme
{
    const string Weight = ".weight", Numbers = "._weight_qdata", Scale = "._weight_scale", Zero = "._weight_zero_point";

    // By what inputs are multiplied before the weight: as well the weight's columns.
    const string Inputs = "._weight_act_pre_scale";

    const string Kind = "_type", Fields = "_data", BlockSize = "block_size", Int4 = "Int4Tensor", Float8 = "Float8Tensor";

    static readonly string[] bytes = ["Int8Tensor", "IntxUnpackedToInt8Tensor"];

    public override string Name => "torchao";

    internal override IReadOnlyList<(string Mark, string Weight)> Marks => [(Numbers, Weight)];

    internal override IReadOnlyList<string> Ends => [Numbers, Scale, Zero, Inputs];

    internal override long[] ShapeOf(QuantizedParts parts)
    {
        long[] stored = parts.Info(Numbers).Shape;
        return KindOf(parts) == Int4 ? [.. stored[..^1], stored[^1] * 2] : stored;
    }

    static string KindOf(QuantizedParts parts)
    {
        string? kind = In(parts, told => told.TryGetProperty(Kind, out var named) ? named.GetString() : null);
        string known = string.Join(", ", bytes.Concat([Int4, Float8]));
        bool isKnown = kind is Int4 or Float8 || bytes.Contains(kind);
        if (kind is null)
            throw new LowrankException($"the file's header does not say of which kind of torchao's {parts.Module}{Weight} is; read are " +
                $"{known}. Save the model again with a newer transformers (safetensors).");
        return isKnown ? kind
            : throw new LowrankException($"{parts.Module}{Weight} is torchao's {kind}, and read are {known}. Take the model's folder of " +
                "floats, or convert it with the program that wrote it.");
    }

    // What the header tells of a weight; null where it does not, or tells it otherwise.
    static T? In<T>(QuantizedParts parts, Func<JsonElement, T?> read)
    {
        if (parts.Told(Weight) is not { } told) return default;
        try
        {
            using var json = JsonDocument.Parse(told);
            return read(json.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return default;
        }
    }

    internal override Tensor Decode(QuantizedParts parts)
    {
        var (numbers, scale, zero) = (parts.Read(Numbers), parts.Read(Scale), parts.ReadIfThere(Zero));
        var values = KindOf(parts) switch
        {
            Int4 => Torchao.DecodePairs(numbers, scale, zero ?? parts.Read(Zero)),
            Float8 => Float8Blocks.Decode(numbers, scale, BlockOf(parts, numbers.shape, scale.shape)),
            _ => Torchao.Decode(numbers, scale, zero),
        };
        return parts.ReadIfThere(Inputs) is { } inputs ? values * inputs.to(ScalarType.Float32).reshape(1, -1) : values;
    }

    // Of a header that does not tell blocks there are as many as scales, where these divide the weight.
    static (long, long)? BlockOf(QuantizedParts parts, long[] shape, long[] scales)
    {
        if (In(parts, SizeIn) is [> 0 and var rows, > 0 and var columns]) return (rows, columns);
        if (shape is not [var outputs, var inputs] || scales is not [> 0 and var high, > 0 and var across]) return null;
        if (outputs % high == 0 && inputs % across == 0) return (outputs / high, inputs / across);
        throw new LowrankException($"its header does not tell how large blocks are ({BlockSize}), and {scales.Text()} scales do not " +
            $"divide {shape.Text()}. Save the model again with a newer torchao.");
    }

    static long[]? SizeIn(JsonElement told) => told.TryGetProperty(Fields, out var fields) && fields.TryGetProperty(BlockSize, out var size)
        ? [.. size.EnumerateArray().Select(side => side.GetInt64())]
        : null;
}
