namespace Lowrank.Adapters.Tests;

public class TargetWordsTests
{
    [Fact]
    public void CommasInAnExpressionAreTheExpressions()
    {
        using var module = new SequenceModel(new Linear(6, 8), new Linear(8, 6));
        var model = ModelDescription.Of(module);
        Assert.Equal(["/.*[01]{1,2}/", "0"], LayerChoice.Parsed("/.*[01]{1,2}/, 0").Select(pattern => pattern.Text));
        Assert.Equal(2, LayerChoice.Of(model, "/.*[01]{1,2}/, 0", null, _ => null).Targets.Count);
    }

    [Fact]
    public void AnExpressionThatTakesForEverIsNamed()
    {
        var place = new TargetPlace("model", ComponentRole.Network, new Target("model." + new string('a', 60), LayerKind.Linear, [1, 1]), [], null);
        var error = Assert.Throws<LowrankException>(() => TargetPattern.Parse("/(model.)(a+)+b/").Chooses(place));
        Assert.Contains("(a+)+b", error.Message, StringComparison.Ordinal);
    }
}
