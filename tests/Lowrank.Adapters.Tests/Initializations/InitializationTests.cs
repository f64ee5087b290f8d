namespace Lowrank.Adapters.Tests;

public class InitializationTests
{
    static Tensor Random(long seed, params long[] shape) => randn(shape, generator: new Generator((ulong)seed));

    [Fact]
    public void ComponentsOfManyBatchesAreThoseOfAllRowsAtOnce()
    {
        using var scope = NewDisposeScope();
        // Inputs that lie near three directions, not around zero.
        var rows = Random(1, 60, 3).mm(tensor(new float[] { 5, 3, 2 }).diag()).mm(Random(2, 3, 9)) + Random(3, 60, 9) * 0.01 + 2;
        using var statistics = new InputStatistics(5, covariance: false);
        var target = new Target("layer", LayerKind.Linear, [4, 9]);
        foreach (var batch in rows.split(20)) statistics.Add(batch.reshape(4, 5, 9), target);
        var (_, _, right) = linalg.svd(rows - rows.mean([0]), fullMatrices: false);
        Close.Equal(ones(3), (statistics.Components(3) * right[TensorIndex.Slice(0, 3)]).sum(dim: 1).abs(), 1e-4);
    }

    [Fact]
    public void AConvolutionsInputsAreThePatchesThatItsMatrixSees()
    {
        using var scope = NewDisposeScope();
        var layer = new Conv2d(3, 5, 3, stride: 2, padding: 1, bias: false);
        var target = Target.Of("layer", layer);
        var x = Random(1, 2, 3, 7, 5);
        using var statistics = new InputStatistics(4, covariance: true);
        statistics.Add(x, target);
        var weight = Random(2, 5, 27);
        var y = layer.Run(x, target.FromMatrix(weight), null).transpose(0, 1).reshape(5, -1);   // (out, places)
        // W C Wᵀ, C being the mean of patches' squares, is the answers'; damping adds a little.
        var (matrix, _) = statistics.Covariance();
        double largest = x.abs().max().ToDouble();
        Close.Equal(y.mm(y.t()) / (largest * largest), weight.mm(matrix).mm(weight.t()), 0.1);
    }

    [Fact]
    public void TheInverseOfACovarianceIsOne()
    {
        using var scope = NewDisposeScope();
        using var statistics = new InputStatistics(2, covariance: true);
        statistics.Add(Random(1, 4, 6), new Target("layer", LayerKind.Linear, [4, 6]));   // fewer rows than columns
        var (matrix, inverse) = statistics.Covariance();
        Assert.True((matrix.mm(inverse) - eye(6)).norm().ToDouble() < 0.05);
    }

    [Fact]
    public void DataThatWasNotShownIsAnErrorThatSaysWhatToDo()
    {
        var target = new Target("layer", LayerKind.Linear, [4, 6]);
        foreach (string way in new[] { "eva", "corda" })
            Assert.Contains("InputRecorder", Assert.Throws<LowrankException>(() => AdapterFactory.Create([target], new LoraOptions(2) { Init = way })).Message);
    }

    [Fact]
    public void CordaBeginsAtTheBaseAndKeepsMostOfWhatInputsSee()
    {
        using var scope = NewDisposeScope();
        var model = new SequenceModel(new Linear(9, 7));
        var description = model.Describe();
        var (target, layer) = description.Components[0].Targets[0];
        using (no_grad())
            foreach (var parameter in model.parameters()) parameter.copy_(Random(5, parameter.shape));
        var options = new LoraOptions(3, 2) { Init = "corda" };
        using var inputs = new InputRecorder(description, [new PlannedTarget(target, Lora.Descriptor, options)]);
        var x = Random(6, 50, 2).mm(Random(7, 2, 9));
        model.call(x);
        inputs.Leave();
        Assert.Null(layer.Host);
        using var adapter = AdapterFactory.Create(description, [new PlannedTarget(target, Lora.Descriptor, options)], inputs, new Generator(1));
        var made = (LessStart)adapter.Targets.Values.Single();
        Close.Equal(layer.Weight.Dense(), made.Apply(layer.Weight.Dense(), 1));
        // The inputs span two directions: rank 3 holds all that the layer says of them.
        var residual = made.Residual(layer.Weight.Dense());
        Assert.True(x.mm(residual.t()).norm().ToDouble() < 0.05 * x.mm(layer.Weight.Dense().t()).norm().ToDouble());
    }

    [Fact]
    public void LoftQComesNearerToTheWeightThanRoundingAlone()
    {
        using var scope = NewDisposeScope();
        var weight = Random(1, 33, 70);
        double Off(LoftQ made, bool withFactors) => (weight - made.Rounded - (withFactors ? made.Up.mm(made.Down) : 0)).norm().ToDouble();
        var once = LoftQ.Of(weight, 8);
        Assert.True(Off(once, withFactors: true) < 0.9 * Off(once, withFactors: false));
        Assert.True(Off(LoftQ.Of(weight, 8, iterations: 5), withFactors: true) < Off(once, withFactors: true));
        // 16 levels in each block of 64, the largest of them exact.
        var block = once.Rounded.reshape(-1)[TensorIndex.Slice(0, 64)];
        Assert.InRange(block.data<float>().ToArray().Distinct().Count(), 2, 16);
        Assert.Equal(weight.reshape(-1)[TensorIndex.Slice(0, 64)].abs().max().ToDouble(), block.abs().max().ToDouble(), 1e-6);
    }

    [Theory]
    [InlineData("orthogonal", 3, "even rank")]
    [InlineData("pissa", 9, "more than the weight has")]
    [InlineData("pisa", 3, "pissa")]
    [InlineData("loftq", 3, "LoftQ.Of")]
    public void ABeginningThatCannotBeIsTold(string way, int rank, string told)
    {
        var model = new SequenceModel(new Linear(9, 7));
        var description = model.Describe();
        Assert.Contains(told, Assert.Throws<LowrankException>(() =>
            AdapterFactory.Create(description, description.Components[0].Targets.Select(t => t.Target), Lora.Descriptor, new LoraOptions(rank) { Init = way })).Message);
    }
}
