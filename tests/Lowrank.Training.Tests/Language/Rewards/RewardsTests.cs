using System.Text.Json;

namespace Lowrank.Training.Tests;

public class RewardsTests
{
    static RewardedAnswer Answer(string text, string right = "42") => new("Six by seven?", text, new Dictionary<string, string> { ["answer"] = right });

    static double? Score(IReward reward, string text) => reward.Of([Answer(text)])[0];

    [Fact]
    public void AnExactAnswerIsTheColumnsButForBlanks()
    {
        Assert.Equal(1, Score(Rewards.Parse("exact_match"), " 42\n"));
        Assert.Equal(0, Score(Rewards.Parse("exact_match"), "42."));
    }

    [Fact]
    public void AMissingColumnIsToldWithThoseThatAreThere()
    {
        var error = Assert.Throws<LowrankException>(() => Score(Rewards.Parse("exact_match:solution"), "42"));
        Assert.Contains("\"solution\", and a row has answer", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("pattern:^[0-9]+$", "42", 1), InlineData("pattern:^[0-9]+$", "42!", 0), InlineData("json", "{\"a\": [1]}", 1),
        InlineData("json", "{\"a\": 1} and more", 0), InlineData("length:2-4", "one two three", 1), InlineData("length:2-4", "one", 0.5),
        InlineData("length:2-4", "a b c d e", 0.75), InlineData("length:2-4", "a b c d e f g h i", 0)]
    public void ARewardIsNamedInALine(string reward, string answer, double score) => Assert.Equal(score, Score(Rewards.Parse(reward), answer));

    [Fact]
    public void JsonIsHeldToASchema()
    {
        using var schema = JsonDocument.Parse("""{"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}""");
        var reward = new JsonReward(schema.RootElement);
        Assert.Equal(1, Score(reward, """{"n": 42}"""));
        Assert.Equal(0, Score(reward, """{"n": "42"}"""));
        Assert.Equal(0, Score(reward, """{"n": 42"""));
    }

    [Theory, InlineData("patern:x", "nearest: pattern"), InlineData("pattern:(", "no regular expression"), InlineData("length:9", "length:20-60"),
        InlineData("json:nowhere.json", "nowhere.json"), InlineData("program:", "program:NAME")]
    public void WhatIsNoRewardIsToldWithWhatIs(string text, string told)
    {
        var error = Assert.Throws<LowrankException>(() => Rewards.Parse(text));
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AProgramSaysANumberOfWhatItReads()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs sh");
        Assert.Equal(1, Score(new ProgramReward("sh", ["-c", "grep -c '\"completion\":\"yes\"'"]), "yes"));
        Assert.Null(Score(new ProgramReward("sh", ["-c", "echo null"]), "yes"));
    }

    [Theory, InlineData("echo much", "said \"much\""), InlineData("echo broken >&2; exit 3", "ended with 3: \"broken\""),
        InlineData("sleep 20", "took more than")]
    public void AProgramThatFailsIsToldWithWhatItSaid(string command, string told)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs sh");
        var reward = new ProgramReward("sh", ["-c", command], TimeSpan.FromSeconds(3));
        Assert.Contains(told, Assert.Throws<LowrankException>(() => Score(reward, "yes")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AProgramThatIsNotThereIsTold() => Assert.Contains(
        "did not start", Assert.Throws<LowrankException>(() => Score(Rewards.Parse("program:no-such-program-here"), "x")).Message, StringComparison.Ordinal);

    [Fact]
    public void SeveralRewardsHaveTheirWeightsAndNames()
    {
        var set = new RewardSet([Rewards.Parse("pattern:2"), new DelegateReward("brief", one => one.Answer.Length < 3 ? 1 : 0), Rewards.Parse("pattern:4")], [1, 2, 0]);
        var got = set.Advantages([Answer("42"), Answer("forty")], 2, new() { Scaling = "none" });
        Assert.Equal(["pattern", "brief", "pattern_2"], set.Names);
        Assert.Equal([1.5, -1.5], got.Advantages);
        Assert.Equal(0.5, got.Metrics["rewards/brief/mean"]);
    }
}
