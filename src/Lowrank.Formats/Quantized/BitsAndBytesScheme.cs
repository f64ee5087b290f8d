namespace Lowrank.Formats;

/// <summary>Folders whose layers bitsandbytes rounded to 4 or 8 bits.</summary>
sealed class BitsAndBytesScheme : QuantizedScheme
{
    const string Weight = ".weight", Map = ".weight.quant_map", Largest = ".weight.absmax";
    const string Nested = ".weight.nested_absmax", NestedMap = ".weight.nested_quant_map";
    const string Rows = ".SCB", RowFormat = ".weight_format", State = $".weight.{FourBitState.Key}";

    static readonly string[] states = [State + FourBitCode.Nf4.Name, State + FourBitCode.Fp4.Name];

    public override string Name => "bitsandbytes";

    internal override IReadOnlyList<(string Mark, string Weight)> Marks => [(states[0], Weight), (states[1], Weight), (Rows, Weight)];

    internal override IReadOnlyList<string> Ends => [Weight, Largest, Map, Nested, NestedMap, .. states, Rows, RowFormat];

    internal override long[] ShapeOf(QuantizedParts parts)
    {
        using var scope = NewDisposeScope();
        return parts.Find(Rows) is null ? StateOf(parts).Shape : parts.Info(Weight).Shape;
    }

    static FourBitState StateOf(QuantizedParts parts) => FourBitState.Read(parts.ReadIfThere(states[0]) ?? parts.Read(states[1]));

    internal override Tensor Decode(QuantizedParts parts)
    {
        if (parts.Find(Rows) is not null) return DecodeRows(parts);
        var state = StateOf(parts);
        RequireMap(parts, state.Code);
        var largest = parts.Read(Largest);
        if (NestedOf(parts, state, largest) is { } nested) largest = nested.Decode(parts.ReadIfThere(NestedMap));
        return new FourBitBlocks(state.Code, state.BlockSize).Decode(parts.Read(Weight), largest, state.Shape);
    }

    internal override IPackedMatrix? ReadPacked(QuantizedParts parts)
    {
        using var scope = NewDisposeScope();
        if (parts.Find(Rows) is not null)
        {
            RequireRows(parts);
            var (numbers, each) = (parts.Read(Weight), parts.Read(Rows));
            return new Int8Matrix(scope.Detach(numbers), scope.Detach(each));
        }
        var state = StateOf(parts);
        if (state.Shape.Length != 2) return null;
        RequireMap(parts, state.Code);
        var (packed, largest) = (parts.Read(Weight), parts.Read(Largest));
        var blocks = new FourBitBlocks(state.Code, state.BlockSize);
        if (NestedOf(parts, state, largest) is not { } nested)
            return new FourBitMatrix(blocks, state.Shape, scope.Detach(packed), scope.Detach(largest), null);
        if (parts.ReadIfThere(NestedMap) is { } map && !Holds(map, DynamicMap.Signed))   // another map: magnitudes are floats in memory
            return new FourBitMatrix(blocks, state.Shape, scope.Detach(packed), scope.Detach(nested.Decode(map)), null);
        scope.Detach(nested.Codes);
        scope.Detach(nested.Largest);
        return new FourBitMatrix(blocks, state.Shape, scope.Detach(packed), null, nested);
    }

    static NestedScales? NestedOf(QuantizedParts parts, FourBitState state, Tensor largest) => state.NestedOffset is { } offset
        ? new(largest, parts.Read(Nested), offset, state.NestedBlockSize)
        : null;

    // The program computes with the map that the file has; values are those of the code that the state names.
    static void RequireMap(QuantizedParts parts, FourBitCode code)
    {
        if (parts.ReadIfThere(Map) is { } map && !Holds(map, code.Values))
            throw new LowrankException($"{parts.Module}{Map} holds other values than those of {code.Name}, which alone are read. Take " +
                "the model's folder of floats.");
    }

    static bool Holds(Tensor map, IReadOnlyList<float> values)
    {
        const double Near = 1e-6;   // of values in [-1, 1] that a program computed in another order
        if (map.numel() != values.Count) return false;
        using var scope = NewDisposeScope();
        return map.reshape(-1).to(ScalarType.Float32, CPU).allclose(tensor(values.ToArray(), device: CPU), Near, Near);
    }

    internal override BitsAndBytesParts? WriterOf(QuantizedParts parts)
    {
        if (parts.Find(Rows) is not null) return new(BitsAndBytesParts.EightBits);
        using var scope = NewDisposeScope();
        var state = StateOf(parts);
        return new(state.Code.Name, state.NestedOffset is not null, state.BlockSize) { Dtype = state.Dtype };
    }

    static Tensor DecodeRows(QuantizedParts parts)
    {
        RequireRows(parts);
        return Int8Rows.Decode(parts.Read(Weight), parts.Read(Rows));
    }

    // Other formats than 0, by rows, were of GPUs that bitsandbytes no longer writes for.
    static void RequireRows(QuantizedParts parts)
    {
        if (parts.Find(RowFormat) is not null && parts.Read(RowFormat).to(ScalarType.Int64).ToInt64() is not 0 and var format)
            throw new LowrankException($"the weight_format is {format}, and 0, by rows, is read.");
    }
}
