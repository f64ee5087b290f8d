namespace Lowrank.Models;

/// <summary>Gated feed-forward part, GEGLU (Shazeer 2020, arXiv:2002.05202), four times as wide inside.</summary>
sealed class FeedForward : Layer
{
    readonly Modules.ModuleList<nn.Module<Tensor, Tensor>> net;

    public FeedForward(int channels, Storage? storage) : base(nameof(FeedForward))
    {
        // The published second entry is a dropout of zero.
        int wide = 4 * channels;
        net = new(new GatedProjection(channels, wide, storage), nn.Identity(), new Linear(wide, channels, storage: storage));
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x)
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
