namespace Lowrank.Models;

/// <summary>Gated feed-forward part, GEGLU (Shazeer 2020, arXiv:2002.05202), four times as wide inside.</summary>
sealed class FeedForward : Layer
{
    // The projection of as many tokens as are worked at a time where nothing goes back.
    const long LargestBytes = 8 << 20;

    readonly Modules.ModuleList<nn.Module<Tensor, Tensor>> net;
    readonly int wide;

    public FeedForward(int channels, Storage? storage) : base(nameof(FeedForward))
    {
        // The published second entry is a dropout of zero.
        wide = 4 * channels;
        net = new(new GatedProjection(channels, wide, storage), nn.Identity(), new Linear(wide, channels, storage: storage));
        RegisterComponents();
    }

    // The projection of all tokens would be eight times their size. Adapters would make what they put at the layers for every piece anew.
    protected override Tensor Compute(Tensor x)
    {
        long tokens = x.numel() / x.shape[^1], atOnce = Math.Max(1, LargestBytes / (2 * wide * x.element_size()));
        bool isWhole = is_grad_enabled() || tokens <= atOnce;
        if (isWhole || modules().OfType<IAdaptable>().Any(layer => layer.Host is not null)) return Answer(x);
        var answer = empty(x.shape, dtype: x.dtype, device: x.device);
        using var scope = NewDisposeScope();
        var (rows, places) = (x.reshape(tokens, -1), answer.view(tokens, -1));
        for (long first = 0; first < tokens; first += atOnce)
        {
            using var pieceScope = NewDisposeScope();
            long count = Math.Min(atOnce, tokens - first);
            places.narrow(0, first, count).copy_(Answer(rows.narrow(0, first, count)));
        }
        return answer;
    }

    Tensor Answer(Tensor x)
    {
        var h = net[0].call(x);
        return h.Then(net[2].call(h));
    }

    /// <summary>The first half of a projection, times gelu of the second.</summary>
    sealed class GatedProjection : Layer
    {
        readonly Linear proj;

        public GatedProjection(int inFeatures, int outFeatures, Storage? storage) : base("GEGLU")
        {
            proj = new Linear(inFeatures, 2 * outFeatures, storage: storage);
            RegisterComponents();
        }

        protected override Tensor Compute(Tensor x)
        {
            var halves = proj.call(x).chunk(2, -1);
            var gate = nn.functional.gelu(halves[1]);
            return gate.requires_grad ? halves[0] * gate : gate.mul_(halves[0]);
        }
    }
}
