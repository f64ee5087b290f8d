namespace Lowrank.Bench.Tests;

/// <summary>Results with a row and a curve of every kind that there is.</summary>
static class Made
{
    public static Machine Machine { get; } = new(
        new DateOnly(2026, 2, 3), "A processor", 3, 2, "wall time", true, "A system",
        new Dictionary<string, string> { [".NET"] = "10.0.1" });

    public static Row Step { get; } = new(Section.Training, "training step", "a model", "bf16")
    {
        Seconds = 0.633,
        Peer = "PEFT",
        PeerSeconds = 0.815,
        Aim = 1,
        Megabytes = 321.4,
        PeerMegabytes = 572.6,
    };

    public static Row Alone { get; } = new(Section.MergeFile, "merge into a file", "1.0 GB") { Seconds = 2.5, Megabytes = 618 };

    public static Row Broken { get; } = Alone with { Seconds = null, Megabytes = null, Failed = true, Remark = "failed: no room <left>" };

    public static Curve Curve { get; } = new("rank", "step under a rank", "rank", "products & the rest",
        [new(4, 0.02, 0.02), new(8, 0.03, 0.025), new(256, 0.5, 0.4)]);

    public static Results Results => new(Machine, [Step, Alone, Broken], [Curve]);
}
