namespace Lowrank.Models;

/// <summary>Two linear layers with silu between them.</summary>
sealed class TimestepEmbedding : Layer
{
    readonly Linear linear_1, linear_2;

    public TimestepEmbedding(int inFeatures, int outFeatures, Storage? storage) : base(nameof(TimestepEmbedding))
    {
        linear_1 = new Linear(inFeatures, outFeatures, storage: storage);
        linear_2 = new Linear(outFeatures, outFeatures, storage: storage);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x) => linear_2.call(Fresh.Silu(linear_1.call(x)));
}
