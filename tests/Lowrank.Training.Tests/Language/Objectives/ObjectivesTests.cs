namespace Lowrank.Training.Tests;

public sealed class ObjectivesTests
{
    static readonly Dictionary<string, string> nothing = [];

    public static TheoryData<string> Names => [.. Objectives.All.Select(one => one.Name)];

    [Theory, MemberData(nameof(Names))]
    public void AnObjectiveIsMadeOfItsDefaults(string name)
    {
        var objective = Objectives.Named(name).Create(nothing);
        Assert.Equal(objective.Needs.Model == ObjectiveModel.Writer, objective.Needs.Tokens is not null);
        Assert.Empty(objective.Notes);
    }

    [Theory, MemberData(nameof(Names))]
    public void EachArgumentsDefaultIsOneOfItsValues(string name) =>
        Assert.All(Objectives.Named(name).Arguments, argument => Assert.Null(argument.Fault(argument.Default)));

    [Fact]
    public void AnUnknownObjectiveIsToldWithTheNearest()
    {
        var error = Assert.Throws<LowrankException>(() => Objectives.Named("dpoo"));
        Assert.Contains("nearest: dpo", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnknownFormIsToldWithTheNearest()
    {
        var error = Assert.Throws<LowrankException>(() => Objectives.Named("dpo").Create(new Dictionary<string, string> { ["loss"] = "sigmod" }));
        Assert.Contains("nearest: sigmoid", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralFormsAreGivenByName()
    {
        var given = new Dictionary<string, string> { ["loss"] = "sigmoid, sft", ["loss_weights"] = "1, 0.5" };
        Assert.True(Objectives.Named("dpo").Create(given).Needs.Reference);
    }

    [Fact]
    public void ANumberThatIsNoneIsMisread()
    {
        var argument = Objectives.Named("grpo").Arguments.Single(one => one.Name == "delta");
        Assert.Null(argument.Fault("none"));
        Assert.Contains("delta is \"much\"", argument.Fault("much")!, StringComparison.Ordinal);
        Assert.Contains("delta is 0.5", argument.Fault("0.5")!, StringComparison.Ordinal);
    }
}
