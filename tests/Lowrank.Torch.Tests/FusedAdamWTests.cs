namespace Lowrank.Torch.Tests;

public class FusedAdamWTests
{
    [Theory, InlineData(0.01, false), InlineData(0.0, false), InlineData(0.1, true)]
    public void EqualsTheFormula(double decay, bool amsgrad) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var options = new AdamWOptions(0.8, 0.95, 1e-6, decay, amsgrad);
        var parameter = randn([3, 2], dtype: ScalarType.Float64).requires_grad_();
        var want = parameter.detach().clone();
        using var optimizer = new FusedAdamW([new([parameter], 0.03)], options);
        Tensor m = zeros_like(want), v = zeros_like(want), largest = zeros_like(want);
        for (int t = 1; t <= 6; t++)
        {
            var g = randn([3, 2], dtype: ScalarType.Float64) / t;
            optimizer.ZeroGrad();
            parameter.grad = g;
            optimizer.Step();
            want = want * (1 - 0.03 * decay);
            m = m * 0.8 + g * 0.2;
            v = v * 0.95 + g.square() * 0.05;
            largest = maximum(largest, v);
            var denominator = (amsgrad ? largest : v).sqrt() / Math.Sqrt(1 - Math.Pow(0.95, t)) + 1e-6;
            want = want - 0.03 * (m / (1 - Math.Pow(0.8, t))) / denominator;
            Assert.True((parameter.detach() - want).abs().max().ToDouble() < 1e-12);
        }
    });

    [Theory, InlineData(false, 0), InlineData(false, -1), InlineData(true, 0), InlineData(true, -1)]
    public void DecayIsOfTheGroupsRateWhateverIsCorrected(bool last, double toward)
    {
        using var scope = NewDisposeScope();
        const double Rate = 0.03, Decay = 0.1, Epsilon = 1e-12;
        var parameter = randn([3, 2], dtype: ScalarType.Float64, device: CPU).requires_grad_();
        var want = parameter.detach().clone();
        var options = new AdamWOptions(0.8, 0.95, Epsilon, Decay) { CorrectsBias = false, DecaysLast = last };
        using var optimizer = new FusedAdamW([new([parameter], Rate) { DecaysToward = toward }], options);
        Tensor mean = zeros_like(want), variance = zeros_like(want);
        for (int step = 1; step <= 4; step++)
        {
            var gradient = randn([3, 2], dtype: ScalarType.Float64, device: CPU);
            optimizer.ZeroGrad();
            parameter.grad = gradient;
            optimizer.Step();
            if (!last) want = want - Rate * Decay * (want - toward);
            mean = mean * 0.8 + gradient * 0.2;
            variance = variance * 0.95 + gradient.square() * 0.05;
            want = want - Rate * mean / (variance.sqrt() + Epsilon);
            if (last) want = want - Rate * Decay * (want - toward);
            Assert.True((parameter.detach() - want).abs().max().ToDouble() < 1e-9, $"step {step}");
        }
    }

    [Fact]
    public void AParameterWithoutAGradientStays()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (ones(2).requires_grad_(), ones(2).requires_grad_());
        using var optimizer = new FusedAdamW([new([a, b], 0.1)]);
        a.sum().backward();
        optimizer.Step();
        Assert.NotEqual(1f, a[0].ToSingle());
        Assert.Equal(1f, b[0].ToSingle());
    }

    [Theory, InlineData(-1), InlineData(double.NaN), InlineData(double.PositiveInfinity)]
    public void ARateThatIsNoneIsRefused(double rate)
    {
        using var scope = NewDisposeScope();
        var parameter = ones(2, device: CPU).requires_grad_();
        Assert.Contains("learning rate", Assert.Throws<LowrankException>(() => new FusedAdamW([parameter], rate)).Message);
        var group = new ParameterGroup([parameter], 0);
        Assert.Throws<LowrankException>(() => group.LearningRate = rate);
        Assert.Equal(0, group.LearningRate);
    }

    [Fact]
    public void ParametersAreGivenOnceAndAtLeastOne()
    {
        using var scope = NewDisposeScope();
        var parameter = ones(2, device: CPU).requires_grad_();
        Assert.Contains("twice", Assert.Throws<LowrankException>(() => new FusedAdamW([parameter, parameter], 0.1)).Message);
        Assert.Contains("no parameters", Assert.Throws<LowrankException>(() => new FusedAdamW([], 0.1)).Message);
    }

    [Fact]
    public void AStepOfFrozenParametersIsSaid()
    {
        using var scope = NewDisposeScope();
        var parameter = ones(2, device: CPU).requires_grad_();
        using var optimizer = new FusedAdamW([parameter], 0.1);
        parameter.requires_grad = false;
        Assert.Contains("frozen", Assert.Throws<LowrankException>(optimizer.Step).Message);
        parameter.Dispose();
        Assert.Contains("disposed", Assert.Throws<LowrankException>(optimizer.Step).Message);
    }

    [Fact]
    public void AStepWithoutABackwardIsSaid()
    {
        using var scope = NewDisposeScope();
        var parameter = ones(2, device: CPU).requires_grad_();
        ParameterNames.Set(parameter, "fc/down");
        using var optimizer = new FusedAdamW([parameter], 0.1);
        Assert.Contains("no parameter has a gradient, such as fc/down", Assert.Throws<LowrankException>(optimizer.Step).Message);
        parameter.sum().backward();
        optimizer.Step();
        optimizer.ZeroGrad();
        Assert.Contains("backward", Assert.Throws<LowrankException>(optimizer.Step).Message);
        Assert.Equal(0.899f, parameter[0].ToSingle(), 1e-5f);   // 1 · (1 − 0.1 · 0.01) − 0.1
    }

    [Theory, InlineData(0), InlineData(-1), InlineData(double.NaN)]
    public void ALimitOfGradientsIsAboveZero(double limit)
    {
        using var scope = NewDisposeScope();
        var parameter = ones(2, device: CPU).requires_grad_();
        parameter.sum().backward();
        Assert.Throws<LowrankException>(() => GradientClipping.Clip([parameter], limit));
        Assert.Equal(1f, parameter.grad![0].ToSingle());
    }

    [Fact]
    public void ItsConstantsAreCheckedTogether()
    {
        var error = Assert.Throws<LowrankException>(() => new FusedAdamW([], new(Beta1: 1, Beta2: double.NaN, Epsilon: 0)));
        Assert.Contains("beta1 1", error.Message);
        Assert.Contains("beta2 NaN", error.Message);
        Assert.Contains("epsilon 0", error.Message);
    }
}
