namespace Lowrank.Adapters.Tests;

/// <summary>A linear layer over a rounded weight.</summary>
sealed class RoundedLinear(RoundedWeight weight) : Layer(nameof(RoundedLinear)), IAdaptable
{
    public LayerKind Kind => LayerKind.Linear;

    public IWeight Weight => weight;

    public Tensor? Bias => null;

    public ConvolutionWalk? Convolution => null;

    public IAdapterHost? Host { get; set; }

    public Tensor Run(Tensor x) => Run(x, weight.Dense(), null);

    public Tensor Run(Tensor x, Tensor weight, Tensor? bias) => nn.functional.linear(x, weight.to(x.dtype), bias);

    public void SetBias(Tensor bias) => throw new ShapeException("it has none");

    protected override Tensor Compute(Tensor x) => Host is null ? Run(x) : Host.Forward(x, this);

    protected override void Dispose(bool disposing)
    {
        if (disposing) weight.Dispose();
        base.Dispose(disposing);
    }
}
