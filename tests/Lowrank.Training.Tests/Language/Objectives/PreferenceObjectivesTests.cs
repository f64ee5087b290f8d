namespace Lowrank.Training.Tests;

/// <summary>Pairs of one token each, whose numbers can be checked by hand.</summary>
public sealed class PreferenceObjectivesTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();

    static Tensor Column(params double[] values) => tensor(values, dtype: ScalarType.Float32).reshape(-1, 1);

    static TokenLogProbabilities Told(params double[] values) =>
        new(Column(values).requires_grad_(), ones(values.Length, 1, dtype: ScalarType.Bool));

    static double LogSigmoid(double x) => -Math.Log(1 + Math.Exp(-x));

    [Fact]
    public void DpoIsLessTheLogSigmoidOfTheRewardsMargin()
    {
        var got = new DpoObjective(new() { Beta = 0.5 }).Loss(new() { Policy = Told(-1, -2), Reference = Column(-1.5, -1.5) });
        Assert.Equal(-LogSigmoid(0.5), got.Loss.ToDouble(), 1e-6);
        Assert.Equal(0.5, got.Metrics["rewards/margins"], 1e-6);
        Assert.Equal(1, got.Metrics["rewards/accuracies"]);
    }

    [Fact]
    public void APolicyThatIsItsReferenceBeginsAtLogTwoAndIsNotRight()
    {
        var got = new DpoObjective().Loss(new() { Policy = Told(-1, -2), Reference = Column(-1, -2) });
        Assert.Equal(Math.Log(2), got.Loss.ToDouble(), 1e-6);
        Assert.Equal(0, got.Metrics["rewards/accuracies"]);
    }

    public static TheoryData<string> Forms => ["sigmoid", "hinge", "ipo", "exo_pair", "nca_pair", "robust", "bco_pair", "sppo_hard", "aot",
        "aot_unpaired", "apo_zero", "apo_down", "discopop", "sft", "sigmoid_norm"];

    [Theory, MemberData(nameof(Forms))]
    public void EveryFormIsFiniteFarAway(string form)
    {
        var policy = Told(-1000, 0, 0, -1000);
        var got = new DpoObjective(new() { Forms = [form], LabelSmoothing = 0.1 }).Loss(new() { Policy = policy, Reference = Column(0, -1000, -500, 0) });
        got.Loss.backward();
        Assert.True(double.IsFinite(got.Loss.ToDouble()));
        Assert.True(policy.Values.grad!.isfinite().all().ToBoolean());
    }

    [Fact]
    public void WhatAFormDoesNotUseIsSaid()
    {
        var note = Assert.Single(new DpoObjective(new() { LabelSmoothing = 0.1 }).Notes);
        Assert.Contains("sigmoid does not use it", note, StringComparison.Ordinal);
    }

    [Fact]
    public void AFormRefusesADivergenceThatItDoesNotKnow()
    {
        var error = Assert.Throws<LowrankException>(() => new DpoObjective(new() { Forms = ["nca_pair"], Divergence = "js_divergence" }));
        Assert.Contains("nca_pair knows the divergence reverse_kl alone", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RowsThatAreNoPairsAreRefused()
    {
        var error = Assert.Throws<LowrankException>(() => new DpoObjective().Loss(new() { Policy = Told(-1, -1, -1), Reference = Column(0, 0, 0) }));
        Assert.Contains("3 rows are no pairs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TokensBeyondTheShorterAnswerCountForLess()
    {
        // The chosen answer has two tokens, the rejected one.
        var policy = new TokenLogProbabilities(tensor(new float[,] { { -1, -1 }, { -1, 0 } }), tensor(new[,] { { true, true }, { true, false } }));
        var got = new DpoObjective(new() { Beta = 1, LengthAlpha = 0.5 }).Loss(new() { Policy = policy, Reference = zeros(2, 2) });
        Assert.Equal(-LogSigmoid(-1.5 + 1), got.Loss.ToDouble(), 1e-6);
    }

    [Fact]
    public void AnEmptyAnswerSaysNothingOfOdds()
    {
        var values = Column(-1, -2, -1, 0).requires_grad_();
        var policy = new TokenLogProbabilities(values, tensor(new[] { true, true, true, false }).reshape(4, 1));
        var got = new OrpoObjective().Loss(new() { Policy = policy, Mask = ones(4, 2) });
        got.Loss.backward();
        double odds = Math.Log(1 - Math.Exp(-1)) - Math.Log(1 - Math.Exp(-1));
        Assert.Equal(1.5 - 0.1 * LogSigmoid(odds), got.Loss.ToDouble(), 1e-5);
        Assert.True(values.grad!.isfinite().all().ToBoolean());
    }

    [Fact]
    public void SimPoWantsAMargin()
    {
        var got = new CpoObjective(CpoOptions.SimPo).Loss(new() { Policy = Told(-1, -2) });
        Assert.Equal(-LogSigmoid(2 * 1 - 0.5), got.Loss.ToDouble(), 1e-6);
    }

    [Fact]
    public void KtoMeasuresFromHowFarThePolicyWentAtAll()
    {
        var got = new KtoObjective(new() { Beta = 1, UnwantedWeight = 2 }).Loss(new()
        {
            Policy = Told(-1, -3), Reference = Column(-2, -2), Wanted = tensor(new[] { true, false }),
            Mismatched = Told(-1, -1), MismatchedReference = Column(-1.5, -1.5),
        });
        double wanted = 1 - 1 / (1 + Math.Exp(-(1 - 0.5))), unwanted = 2 * (1 - 1 / (1 + Math.Exp(-(0.5 + 1))));
        Assert.Equal((wanted + unwanted) / 2, got.Loss.ToDouble(), 1e-6);
        Assert.Equal(0.5, got.Metrics["kl"], 1e-6);
    }

    [Fact]
    public void ABatchOfOneKindHasNoMetricsOfTheOther()
    {
        var got = new KtoObjective(new() { Form = "apo_zero_unpaired" }).Loss(new()
        {
            Policy = Told(-1, -3), Reference = Column(-2, -2), Wanted = tensor(new[] { true, true }),
        });
        Assert.DoesNotContain("rewards/rejected", got.Metrics.Keys);
        Assert.DoesNotContain("rewards/margins", got.Metrics.Keys);
    }

    [Fact]
    public void ARewardModelsMarginIsTakenOffInsideTheSigmoid()
    {
        var got = new RewardObjective(centring: 0.5).Loss(new() { Scores = Column(2, 1), Margins = tensor(new[] { 0.25f }) });
        Assert.Equal(-LogSigmoid(0.75) + 0.5 * 9, got.Loss.ToDouble(), 1e-5);
    }

    public void Dispose() => scope.Dispose();
}
