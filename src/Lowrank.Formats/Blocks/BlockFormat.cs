using System.Globalization;

namespace Lowrank.Formats;

/// <summary>A type of tensors in GGUF files that keeps elements in blocks of bytes, both ways.</summary>
/// <remarks>Values and bytes are those of ggml's reference code, bit for bit, without an importance matrix (ggml-org/llama.cpp,
/// ggml/src/ggml-quants.c).</remarks>
public abstract class BlockFormat
{
    private protected BlockFormat(string name, int id, TensorBlock block, TensorDtype? dtype)
    {
        (Name, Id, Block) = (name, id, block);
        Dtype = dtype ?? new(name, block, Decode);
    }

    /// <summary>Its name, as ggml has it: "Q4_K".</summary>
    public string Name { get; }

    /// <summary>Its number in files.</summary>
    public int Id { get; }

    /// <summary>Elements and bytes of a block.</summary>
    public TensorBlock Block { get; }

    /// <summary>The dtype of tensors that are kept so.</summary>
    public TensorDtype Dtype { get; }

    /// <summary>Whether values are rounded to few bits, other than halves and bfloat16.</summary>
    public bool IsQuantized => Block.Elements > 1;

    /// <summary>Tells the elements of whole blocks.</summary>
    /// <exception cref="LowrankException">The bytes are no whole blocks, or the places for values not as many.</exception>
    public void Decode(ReadOnlySpan<byte> blocks, Span<float> values) =>
        Decode(blocks, values, lanes: BlockLanes.AreSupported, CountOf(values.Length, blocks.Length));

    /// <summary>Rounds elements into whole blocks.</summary>
    /// <exception cref="LowrankException">The elements fill no whole blocks, the places for bytes are not as many, or a value that is to be
    /// quantised (<see cref="IsQuantized"/>) is infinite, NaN or too large. Halves that are too large become infinite.</exception>
    public void Encode(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        int count = CountOf(values.Length, blocks.Length);
        if (IsQuantized && FirstOdd(values) is int place and >= 0)
            throw new LowrankException(string.Create(
                CultureInfo.InvariantCulture, $"{Name} holds finite values; element {place} is {values[place]}."));
        Encode(values, blocks, lanes: BlockLanes.AreSupported, count);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>By vectors, or the plain way, which gives the same bits.</summary>
    internal abstract void Decode(ReadOnlySpan<byte> blocks, Span<float> values, bool lanes, int count);

    /// <inheritdoc cref="Decode(ReadOnlySpan{byte}, Span{float}, bool, int)"/>
    internal abstract void Encode(ReadOnlySpan<float> values, Span<byte> blocks, bool lanes, int count);

    /// <summary>Some outputs of x Wᵀ for few rows of x, the weight's rows in blocks, decoded as they are needed.</summary>
    internal abstract unsafe void Multiply(in BlockProduct product, long first, long end);

    int CountOf(int elements, int bytes)
    {
        int count = elements / Block.Elements;
        if (elements % Block.Elements != 0 || bytes != (long)count * Block.Bytes)
            throw new LowrankException($"{Name} keeps {Block.Elements} elements in {Block.Bytes} bytes; " +
                $"{elements} elements and {bytes} bytes do not go together.");
        return count;
    }

    static int FirstOdd(ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i])) return i;
        return -1;
    }
}
