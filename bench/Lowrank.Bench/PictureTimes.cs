using Lowrank.Diffusion;

namespace Lowrank.Bench;

/// <summary>A whole text-to-image call with Stable Diffusion 1.5's shapes, beside diffusers' way.</summary>
static class PictureTimes
{
    const int Steps = 10;

    const string Ours = "ours", Peer = "diffusers' way";

    /// <summary>Sides that are measured.</summary>
    public static IReadOnlyList<int> Sizes { get; } = [256, 512];

    public static Row About(int size, ScalarType dtype) =>
        new(Section.Pictures, $"draw {size}x{size}, {Steps} steps", "SD 1.5", Dtypes.Name(dtype));

    public static Row Measure(int size, ScalarType dtype)
    {
        var task = new DrawingTask(size, Steps);
        using var model = Load(dtype);
        var ways = Ways(model, dtype, freesParts: false);
        foreach (var draw in ways.Values) draw(task with { Steps = 1 });
        var rounds = new Rounds(AtLeast: 2, AtMost: 5, Seconds: 60, IsWarm: true);
        var medians = rounds.Medians(ways.ToDictionary(way => way.Key, way => (Action)(() => way.Value(task))));
        double ours = Memory(size, dtype, Ours), peer = Memory(size, dtype, Peer);
        return About(size, dtype) with
        {
            Seconds = medians[Ours],
            Peer = Peer,
            PeerSeconds = medians[Peer],
            Aim = Aims.Drawing(dtype),
            Megabytes = ours,
            PeerMegabytes = peer,
            Remark = FormattableString.Invariant($"memory {ours / peer:0.00} (aim {Aims.DrawingMemory})"),
        };
    }

    static double Memory(int size, ScalarType dtype, string way) =>
        PeakMemory.Measure("drawing-of", FormattableString.Invariant($"{size}"), Dtypes.Name(dtype), way).Peak;

    /// <summary>The child's side: two steps, which reach the peak. It draws once, as a call of the command line does.</summary>
    public static void Child(int size, ScalarType dtype, string way)
    {
        using var model = Load(dtype);
        PeakMemory.Report(() => Ways(model, dtype, freesParts: true)[way](new DrawingTask(size, 2)));
    }

    /// <summary>The model, its parts not yet loaded.</summary>
    public static StableDiffusion Load(ScalarType dtype)
    {
        var storage = new Storage(dtype);
        return StableDiffusion.Load(Sd15Folder.Make(BenchModel.FindRoot()), storage, storage);
    }

    static Dictionary<string, Action<DrawingTask>> Ways(StableDiffusion model, ScalarType dtype, bool freesParts)
    {
        var pipeline = new TextToImage(model, PrecisionOf(dtype), CPU) { FreesParts = freesParts };
        return new()
        {
            [Ours] = task => pipeline.Generate(Options(task)),
            [Peer] = task => new DiffusersDrawing(model, dtype).Draw(task),
        };
    }

    /// <summary>A precision whose weights and computations have one dtype.</summary>
    public static Precision PrecisionOf(ScalarType dtype) => dtype == ScalarType.BFloat16 ? Precision.BFloat16 : Precision.Float32;

    /// <summary>The task as our pipeline is asked.</summary>
    public static GenerateOptions Options(DrawingTask task) => new()
    {
        Prompt = DrawingTask.Prompt,
        Width = task.Size,
        Height = task.Size,
        Steps = task.Steps,
        GuidanceScale = DrawingTask.Guidance,
        Seeds = [DrawingTask.Seed],
        Sampler = "euler",
    };
}
