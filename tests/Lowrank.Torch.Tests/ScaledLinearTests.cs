namespace Lowrank.Torch.Tests;

public class ScaledLinearTests
{
    // Tokens below and above both widths: on either side of each rule about what is scaled.
    public static TheoryData<int, bool, bool, bool, bool> Cases
    {
        get
        {
            var cases = new TheoryData<int, bool, bool, bool, bool>();
            foreach (int tokens in new[] { 2, 6, 40 })
                for (int bits = 0; bits < 16; bits++) cases.Add(tokens, (bits & 1) > 0, (bits & 2) > 0, (bits & 4) > 0, (bits & 8) > 0);
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void EqualsThePlainFormula(int tokens, bool withBias, bool withFactors, bool withRows, bool withColumns) => LeakGuard.NoTensorLeaks(() =>
        Compare(tokens, withBias, withFactors, withRows, withColumns, y => y, rowOfZero: false));

    [Theory, InlineData(2), InlineData(40)]
    public void AnAnswerThatIsChangedInPlaceSpoilsNothing(int tokens) => LeakGuard.NoTensorLeaks(() =>
        Compare(tokens, true, true, true, true, y => y.relu_(), rowOfZero: false));

    [Theory, InlineData(2), InlineData(40)]
    public void ARowScaledByZeroHasItsGradient(int tokens) => LeakGuard.NoTensorLeaks(() =>
        Compare(tokens, true, true, true, false, y => y, rowOfZero: true));

    static void Compare(int tokens, bool withBias, bool withFactors, bool withRows, bool withColumns, Func<Tensor, Tensor> after, bool rowOfZero)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(5);
        var (weight, bias, upstream) = (randn(5, 7), withBias ? randn(5) : null, randn(tokens, 5));
        var rows = randn(5);
        if (rowOfZero) rows[2] = 0;
        Tensor[] start = [randn(tokens, 7), randn(3, 7), randn(5, 3), rows, randn(7)];

        var fused = Answer((x, a, b, r, c) => ScaledLinear.Run(x, weight, bias, withFactors ? a : null, withFactors ? b : null, 0.7, withRows ? r : null, withColumns ? c : null));
        var plain = Answer((x, a, b, r, c) =>
        {
            var matrix = withFactors ? weight + 0.7 * b.mm(a) : weight;
            if (withRows) matrix = matrix * r.unsqueeze(1);
            if (withColumns) matrix = matrix * c;
            return nn.functional.linear(x, matrix, bias);
        });
        foreach (var (got, want) in fused.Zip(plain))
            Assert.True((got - want).abs().max().ToDouble() <= 1e-5 * (1 + want.abs().max().ToDouble()), $"{got.str()} against {want.str()}");

        Tensor[] Answer(Func<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor> run)
        {
            Tensor[] leaves = [.. start.Select(t => t.clone().requires_grad_())];
            var y = after(run(leaves[0], leaves[1], leaves[2], leaves[3], leaves[4]));
            (y * upstream).sum().backward();
            Backward.Rethrow();
            Backward.Release();
            return [y.detach(), .. leaves.Select(l => l.grad ?? zeros_like(l))];
        }
    }

    [Fact]
    public void WrongShapesAreToldNotFatal()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ShapeException>(() => ScaledLinear.Run(ones(2, 7), ones(5, 7), null, null, null, 1, ones(4), null));
        Assert.Contains("(4)", error.Message);
    }
}
