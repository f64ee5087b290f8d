using Lowrank.Diffusion;
using Lowrank.Workbench;

namespace Lowrank.Bench;

/// <summary>What stands around the networks of a text-to-image call: the loop, adapters and their exchange, a second picture's start.</summary>
static class PictureShares
{
    const ScalarType Dtype = ScalarType.BFloat16;

    static readonly DrawingTask task = new(256, 10);

    public static Row About { get; } = new(Section.Pictures, "around the networks", "SD 1.5, 256x256", Dtypes.Name(Dtype));

    public static IEnumerable<Row> Measure()
    {
        string folder = Directory.CreateTempSubdirectory("lowrank-bench-pictures-").FullName;
        try
        {
            using var model = PictureTimes.Load(Dtype);
            var pipeline = new TextToImage(model, PictureTimes.PrecisionOf(Dtype), CPU);
            pipeline.Generate(PictureTimes.Options(task with { Steps = 1 }));
            foreach (var row in Loop(pipeline)) yield return row;
            foreach (var row in Adapters(model, pipeline, folder)) yield return row;
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    // All of the sampling but the network's answers; and how soon the first is asked for.
    static IEnumerable<Row> Loop(TextToImage pipeline)
    {
        var guider = new TimedGuider(Guider.Usual(DrawingTask.Guidance, 0));
        double whole = 0;
        var shares = new List<double>();
        var starts = new List<double>();
        for (int round = 0; round < 3; round++)
        {
            guider.Reset();
            whole = BenchClock.Seconds(() => pipeline.Latents(PictureTimes.Options(task) with { Guider = guider }));
            starts.Add(guider.FirstAsked);
            shares.Add(whole - guider.Asked - guider.FirstAsked);
        }
        yield return About with
        {
            What = "the loop alone",
            Seconds = Rounds.Median(shares),
            Peer = "sampling",
            PeerSeconds = whole,
            Aim = Aims.Loop,
        };
        yield return About with
        {
            What = "a second picture's first step",
            Seconds = Rounds.Median(starts),
            Peer = "what is allowed",
            PeerSeconds = Aims.Second,
            Aim = 1,
        };
    }

    static IEnumerable<Row> Adapters(StableDiffusion model, TextToImage pipeline, string folder)
    {
        string[] files = [.. Enumerable.Range(0, 3).Select(i => AdapterFilesTime.Write(folder, $"{i}", model.Describe(), 16))];
        AdapterChoice[] all = [.. files.Select(file => new AdapterChoice(file, 0.5))];
        const string without = "without", with = "with three adapters";
        var options = PictureTimes.Options(task);
        var seconds = new Rounds(AtLeast: 3, AtMost: 5, Seconds: 60).Medians(new Dictionary<string, Action>
        {
            [without] = () => pipeline.Generate(options),
            [with] = () =>
            {
                using var attached = new AttachedAdapters(model, all);
                pipeline.Generate(options);
            },
        });
        yield return About with
        {
            What = with,
            Seconds = seconds[with],
            Peer = without,
            PeerSeconds = seconds[without],
            Aim = Aims.Adapters,
        };
        yield return About with
        {
            What = "exchanging an adapter",
            Seconds = new Rounds(AtLeast: 5, AtMost: 9, Seconds: 5).Median(() => new AttachedAdapters(model, [all[0]]).Dispose()),
            Peer = "what is allowed",
            PeerSeconds = Aims.Exchange,
            Aim = 1,
            Remark = "from its file, rank 16, both encoders' and the network's layers",
        };
    }
}
