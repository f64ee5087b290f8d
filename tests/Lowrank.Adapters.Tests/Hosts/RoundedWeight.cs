namespace Lowrank.Adapters.Tests;

/// <summary>A weight rounded to 8 bits, with a scale for each row: a made-up base that is not stored as it is.</summary>
sealed class RoundedWeight : IWeight, IDisposable
{
    Tensor values, scales;

    public RoundedWeight(Tensor weight) => (values, scales) = Rounded(weight);

    public long[] Shape => values.shape;

    public ScalarType Dtype => ScalarType.Float32;

    public Device Device => values.device;

    public bool IsHeldAs(ScalarType dtype) => false;

    public Tensor Dense() => values.to(ScalarType.Float32) * scales;

    public Tensor Copied(Scratch scratch) => Dense();

    public bool Holds(Tensor values) => values.isfinite().all().ToBoolean();

    public IFormerWeight Replace(Tensor values)
    {
        var former = new Former(this, this.values, scales);
        (this.values, scales) = Rounded(values);
        return former;
    }

    static (Tensor Values, Tensor Scales) Rounded(Tensor weight)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var scales = weight.abs().amax([1], keepdim: true) / 127;
        return (scope.Detach((weight / scales).round().to(ScalarType.Int8)), scope.Detach(scales));
    }

    public void Dispose()
    {
        values.Dispose();
        scales.Dispose();
    }

    sealed class Former(RoundedWeight weight, Tensor values, Tensor scales) : IFormerWeight
    {
        bool restored;

        public void Restore()
        {
            weight.Dispose();
            (weight.values, weight.scales, restored) = (values, scales, true);
        }

        public void Dispose()
        {
            if (restored) return;
            values.Dispose();
            scales.Dispose();
        }
    }
}
