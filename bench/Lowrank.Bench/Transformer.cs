namespace Lowrank.Bench;

/// <summary>A plain pre-norm decoder, as wide as asked.</summary>
sealed class Transformer : Layer
{
    readonly TorchSharp.Modules.ModuleList<TransformerBlock> blocks;

    public Transformer(long width, int depth, long heads, Storage storage) : base(nameof(Transformer))
    {
        blocks = nn.ModuleList(Enumerable.Range(0, depth).Select(_ => new TransformerBlock(width, heads, storage)).ToArray());
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x)
    {
        foreach (var block in blocks) x = block.call(x);
        return x;
    }
}

sealed class TransformerBlock : Layer
{
    readonly LayerNorm norm1, norm2;
    readonly Linear q, k, v, o, fc1, fc2;
    readonly long heads;

    public TransformerBlock(long width, long heads, Storage storage) : base(nameof(TransformerBlock))
    {
        this.heads = heads;
        (norm1, norm2) = (new(width, storage: storage), new(width, storage: storage));
        Linear Square() => new(width, width, true, storage);
        (q, k, v, o) = (Square(), Square(), Square(), Square());
        (fc1, fc2) = (new(width, 4 * width, true, storage), new(4 * width, width, true, storage));
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x)
    {
        var h = norm1.call(x);
        x = x + o.call(Attention.Run(q.call(h), k.call(h), v.call(h), heads, causal: true));
        return x + fc2.call(nn.functional.gelu(fc1.call(norm2.call(x))));
    }
}
