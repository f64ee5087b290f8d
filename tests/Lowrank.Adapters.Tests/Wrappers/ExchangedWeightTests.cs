namespace Lowrank.Adapters.Tests;

/// <summary>DoRA keeps norms of a weight only as long as the weight is the same tensor with the same values.</summary>
public class ExchangedWeightTests
{
    sealed class Exchanging(Tensor first, Tensor second) : IAdaptable
    {
        public bool IsSecond { get; set; }

        public LayerKind Kind => LayerKind.Linear;

        public IWeight Weight => new DenseWeight(() => IsSecond ? second : first);

        public Tensor? Bias => null;

        public ConvolutionWalk? Convolution => null;

        public IAdapterHost? Host { get; set; }

        public Tensor Run(Tensor x) => Run(x, Weight.Dense(), null);

        public Tensor Run(Tensor x, Tensor weight, Tensor? bias) => nn.functional.linear(x, weight, bias);

        public void SetBias(Tensor bias) => throw new ShapeException("it has none");
    }

    [Theory, InlineData(DoraAxis.Output), InlineData(DoraAxis.Input)]
    public void AWeightThatIsAnotherTensorHasItsOwnNorms(DoraAxis axis)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var generator = new Generator(3);
        Tensor first = randn([5, 7], generator: generator, device: CPU), second = randn([5, 7], generator: generator, device: CPU) * 3;
        var layer = new Exchanging(first, second);
        using var net = new SequenceModel(new Linear(7, 5));
        net.parameters().First().copy_(first);
        using var adapter = AdapterFactory.Create(net.Describe(), net.Describe().Components[0].Targets.Select(t => t.Target), Lora.Descriptor,
            new LoraOptions(2) { Dora = axis });
        foreach (var part in adapter.Trainable) part.copy_(randn(part.shape, generator: generator, device: CPU));
        var dora = adapter.Targets.Values.Single();
        var x = randn([4, 7], generator: generator, device: CPU);
        dora.Forward(x, layer, 1).Dispose();
        layer.IsSecond = true;
        Close.Equal(layer.Run(x, dora.Apply(second, 1), null), dora.Forward(x, layer, 1));
    }
}
