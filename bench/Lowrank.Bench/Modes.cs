using System.Globalization;

namespace Lowrank.Bench;

/// <summary>Something that the bench can be asked for.</summary>
/// <param name="Name">As the command line has it.</param>
/// <param name="Arguments">What may follow; the last may be given often where it ends with dots.</param>
/// <param name="Run">Runs it with what followed.</param>
sealed record Mode(string Name, IReadOnlyList<string> Arguments, Action<IReadOnlyList<string>, Report> Run)
{
    /// <summary>For people.</summary>
    public string Told => string.Join(" ", Arguments.Select(argument => $"[{argument}]").Prepend(Name));

    /// <exception cref="LowrankException">More follows than is used, or something that there is not.</exception>
    public void Check(IReadOnlyList<string> asked)
    {
        bool isOpen = Arguments.Count > 0 && Arguments[^1].EndsWith("...", StringComparison.Ordinal);
        if (asked.Count > Arguments.Count && !isOpen) throw new LowrankException($"\"{asked[Arguments.Count]}\" is not used by: {Told}");
        foreach (var (argument, given) in Arguments.Zip(asked))
        {
            string[] known = argument == "MODEL" ? BenchModel.Names : argument.Split('|');
            bool isFree = known.Length == 1;
            if (!isFree && !known.Contains(given))
                throw new LowrankException($"\"{given}\" is none of {string.Join(", ", known)}, of: {Told}");
            if (argument is "CHANNELS" or "SIZE" && !int.TryParse(given, out _))
                throw new LowrankException($"\"{given}\" is no number, of: {Told}");
        }
    }
}

/// <summary>What the bench can be asked for.</summary>
static class Modes
{
    public static IReadOnlyList<Mode> All { get; } =
    [
        new("all", [], (_, report) => WholeTable.Measure(report)),
        new("steps", ["MODEL", "bf16|f32"], (asked, report) => Steps(asked, report, time: true, memory: false)),
        new("memory", ["MODEL", "bf16|f32"], (asked, report) => Steps(asked, report, time: false, memory: true)),
        new("training", ["MODEL", "bf16|f32"], (asked, report) => Steps(asked, report, time: true, memory: true)),
        new("attention", ["bf16|f32"], (asked, report) => AttentionTimes.Run(report, Dtypes.Asked(asked.ElementAtOrDefault(0)))),
        new("methods", ["MODEL", "bf16|f32", "METHOD..."], Methods),
        new("merge", ["bf16|f32"], Merge),
        new("merge-file", ["CHANNELS"], MergeFile),
        new("extract", [], (_, report) => report.Measure(ExtractTime.About, ExtractTime.Measure)),
        new("resize", [], (_, report) => report.Measure(ResizeTime.About, ResizeTime.Measure)),
        new("files", [], (_, report) => report.Measure(AdapterFilesTime.About, AdapterFilesTime.Measure)),
        new("checkpoint", [], (_, report) => report.Measure(CheckpointFiles.About, CheckpointFiles.Measure)),
        new("txt2img", [], (_, report) => report.Measure(PictureMemory.About, () => [PictureMemory.Measure()])),
        new("pictures", ["SIZE", "bf16|f32"], Pictures),
        new("language", ["FILE"], LanguageTimes.Run),
        new("flat", [], (_, report) => report.Measure(FlatMemory.About, () => [FlatMemory.Measure()])),
        new("scaling", ["tokens|rank|targets|merge|convert"], Scaling),
    ];

    /// <summary>Whether the arguments come from a process that measures by this one.</summary>
    public static bool IsChild(IReadOnlyList<string> arguments) =>
        arguments is ["memory-of" or "attention-of" or "checkpoint-of" or "merge-of" or "txt2img-of" or "drawing-of", ..];

    /// <summary>Does a measuring process's part, which prints figures alone.</summary>
    public static void RunChild(IReadOnlyList<string> arguments)
    {
        switch (arguments)
        {
            case ["memory-of", var name, var dtype, var way]: PeakMemory.OfSteps(name, Dtypes.Named(dtype), way); break;
            case ["attention-of", var shape, var dtype, var way]:
                AttentionTimes.Child(int.Parse(shape, CultureInfo.InvariantCulture), Dtypes.Named(dtype), way);
                break;
            case ["checkpoint-of", var from, var to]: CheckpointFiles.Child(from, to); break;
            case ["merge-of", var single, var adapter, var output]: FileMerge.Child(single, adapter, output); break;
            case ["drawing-of", var size, var dtype, var way]:
                PictureTimes.Child(int.Parse(size, CultureInfo.InvariantCulture), Dtypes.Named(dtype), way);
                break;
            case ["txt2img-of", var folder]: PictureMemory.Child(folder); break;
            default: throw new LowrankException($"\"{string.Join(" ", arguments)}\" is no part of a measure");
        }
    }

    static void Steps(IReadOnlyList<string> asked, Report report, bool time, bool memory)
    {
        foreach (string model in asked.Count > 0 ? [asked[0]] : BenchModel.Names.Where(name => name != "transformer"))
            foreach (var dtype in Dtypes.Asked(asked.ElementAtOrDefault(1)))
                report.Measure(TrainingSteps.About(model, dtype, "training step"), () => TrainingSteps.Measure(model, dtype, time, memory));
    }

    static void Methods(IReadOnlyList<string> asked, Report report)
    {
        var dtype = Dtypes.Named(asked.ElementAtOrDefault(1) ?? "bf16");
        foreach (string model in asked.Count > 0 ? [asked[0]] : new[] { "transformer12", "sd15" })
            report.Measure(MethodSteps.About(model, dtype, "other methods"), () => MethodSteps.Measure(model, dtype, [.. asked.Skip(2)]));
    }

    static void Merge(IReadOnlyList<string> asked, Report report)
    {
        foreach (var dtype in Dtypes.Asked(asked.ElementAtOrDefault(0)))
            report.Measure(MergeTime.About(dtype), () => MergeTime.Measure(dtype));
    }

    static void MergeFile(IReadOnlyList<string> asked, Report report)
    {
        int width = asked.Count > 0 ? int.Parse(asked[0], CultureInfo.InvariantCulture) : FileMerge.Small;
        report.Measure(FileMerge.About(width), () => [FileMerge.Row(width, rounds: 3)]);
    }

    static void Pictures(IReadOnlyList<string> asked, Report report)
    {
        foreach (int size in asked.Count > 0 ? [int.Parse(asked[0], CultureInfo.InvariantCulture)] : PictureTimes.Sizes)
            foreach (var dtype in Dtypes.Asked(asked.ElementAtOrDefault(1)))
                report.Measure(PictureTimes.About(size, dtype), () => [PictureTimes.Measure(size, dtype)]);
        report.Measure(PictureShares.About, PictureShares.Measure);
    }

    static void Scaling(IReadOnlyList<string> asked, Report report)
    {
        foreach (var (name, measure) in Growth.All.Where(curve => asked.Count == 0 || asked[0] == curve.Name))
            report.Measure(new Row(Section.Scaling, name, "growth"), () =>
            {
                report.Add(measure());
                return [];
            });
    }
}
