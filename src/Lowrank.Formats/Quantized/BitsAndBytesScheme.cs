namespace Lowrank.Formats;

/// <summary>Folders whose layers bitsandbytes rounded to 4 or 8 bits.</summary>
sealed class BitsAndBytesScheme : QuantizedScheme
{
    const string Weight = ".weight", Nested = ".weight.nested_absmax", NestedMap = ".weight.nested_quant_map", Largest = ".weight.absmax";
    const string Rows = ".SCB", RowFormat = ".weight_format", State = $".weight.{FourBitState.Key}";

    static readonly string[] states = [State + FourBitCode.Nf4.Name, State + FourBitCode.Fp4.Name];

    public override string Name => "bitsandbytes";

    internal override IReadOnlyList<(string Mark, string Weight)> Marks => [(states[0], Weight), (states[1], Weight), (Rows, Weight)];

    internal override IReadOnlyList<string> Ends => [Weight, Largest, ".weight.quant_map", Nested, NestedMap, .. states, Rows, RowFormat];

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
        var largest = parts.Read(Largest);
        if (state.NestedOffset is { } offset)
            largest = new NestedScales(largest, parts.Read(Nested), offset, state.NestedBlockSize).Decode(parts.ReadIfThere(NestedMap));
        return new FourBitBlocks(state.Code, state.BlockSize).Decode(parts.Read(Weight), largest, state.Shape);
    }

    internal override IPackedMatrix? ReadPacked(QuantizedParts parts)
    {
        using var scope = NewDisposeScope();
        if (parts.Find(Rows) is not null) return new Int8Matrix(scope.Detach(parts.Read(Weight)), scope.Detach(parts.Read(Rows)));
        var state = StateOf(parts);
        if (state.Shape.Length != 2) return null;
        var (packed, largest) = (scope.Detach(parts.Read(Weight)), scope.Detach(parts.Read(Largest)));
        var blocks = new FourBitBlocks(state.Code, state.BlockSize);
        if (state.NestedOffset is not { } offset) return new FourBitMatrix(blocks, state.Shape, packed, largest, null);
        var nested = new NestedScales(largest, scope.Detach(parts.Read(Nested)), offset, state.NestedBlockSize);
        return new FourBitMatrix(blocks, state.Shape, packed, null, nested);
    }

    internal override BitsAndBytesParts? WriterOf(QuantizedParts parts)
    {
        if (parts.Find(Rows) is not null) return new(BitsAndBytesParts.EightBits);
        using var scope = NewDisposeScope();
        var state = StateOf(parts);
        return new(state.Code.Name, state.NestedOffset is not null, state.BlockSize) { Dtype = state.Dtype };
    }

    // Other formats than 0, by rows, were of GPUs that bitsandbytes no longer writes for.
    static Tensor DecodeRows(QuantizedParts parts)
    {
        if (parts.Find(RowFormat) is not null && parts.Read(RowFormat).to(ScalarType.Int64).ToInt64() is not 0 and var format)
            throw new LowrankException($"the weight_format is {format}, and 0, by rows, is read.");
        return Int8Rows.Decode(parts.Read(Weight), parts.Read(Rows));
    }
}
