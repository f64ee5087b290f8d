namespace Lowrank.Bench;

/// <summary>How times grow: with tokens, rank, targets and sizes of files, each beside what the work alone would take.</summary>
static class Growth
{
    /// <summary>The curves by name.</summary>
    public static IReadOnlyList<(string Name, Func<Curve> Measure)> All { get; } =
    [
        ("tokens", Tokens), ("rank", Rank), ("targets", Targets), ("merge", Merge), ("convert", Convert),
    ];

    static readonly Rounds rounds = new(AtLeast: 3, AtMost: 15, Seconds: 2);

    // The dtype that training takes by itself.
    static ScalarType Dtype => Processor.Current.MultipliesBFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;

    const int Depth = 2, UsualRank = 8, UsualTokens = 1024;

    static Curve Tokens()
    {
        var work = new ProductRate(Dtype);
        long[] counts = [64, 128, 256, 512, 1024, 2048, 4096, 8192];
        var points = counts.Select(tokens => ((double)tokens, StepOf(BenchModel.Decoder(Depth, 1, tokens, new Storage(Dtype)), UsualRank)));
        return new("tokens", "training step, one sequence of so many tokens", "tokens", Products(work),
            Curve.WithTheory([.. points], at => work.Seconds(StepWork.OfDecoder(Depth, 1, (long)at, UsualRank))));
    }

    static Curve Rank()
    {
        var work = new ProductRate(Dtype);
        int[] ranks = [4, 8, 16, 32, 64, 128, 256];
        const int batch = 4;
        var points = ranks.Select(rank =>
            ((double)rank, StepOf(BenchModel.Decoder(Depth, batch, UsualTokens / batch, new Storage(Dtype)), rank)));
        return new("rank", "training step under a rank", "rank", Products(work),
            Curve.WithTheory([.. points], at => work.Seconds(StepWork.OfDecoder(Depth, batch, UsualTokens / batch, (long)at))));
    }

    static Curve Targets()
    {
        var work = new ProductRate(Dtype);
        int[] counts = [10, 30, 100, 300, 1000];
        var points = counts.Select(count => ((double)count, StepOf(BenchModel.Chain(count, new Storage(Dtype)), UsualRank)));
        return new("targets", "training step over a chain of layers, each with an adapter", "targets", $"{Products(work)}, the rest for each target",
            Curve.WithTheory([.. points], at => work.Seconds(StepWork.OfChain((int)at, UsualRank)), at => at / counts[0]));
    }

    static Curve Merge()
    {
        int[] widths = [64, 128, 192, 256];
        var times = widths.Select(width => FileMerge.Measure(width, rounds: 2, textEncoders: false)).ToList();
        double rate = times[^1].Bytes / times[^1].Copy;
        return new("merge", "merging into a file", "MB of the file", Copying(rate),
            Curve.WithTheory([.. times.Select(t => (t.Bytes / 1e6, t.Merge))], at => at * 1e6 / rate));
    }

    static Curve Convert()
    {
        string root = Directory.CreateTempSubdirectory("lowrank-bench-convert-").FullName;
        try
        {
            var model = AdapterFilesTime.Model();
            string to = Path.Combine(root, "to.safetensors");
            var points = new List<(double, double)>();
            double rate = 0;   // of the largest
            foreach (int rank in new[] { 4, 8, 16, 32, 64, 128, 256 })
            {
                string from = AdapterFilesTime.Write(root, $"{rank}", model, rank);
                const string converting = "convert", copying = "copy";
                var seconds = rounds.Medians(new Dictionary<string, Action>
                {
                    [converting] = () => AdapterFilesTime.Convert(from, to, model),
                    [copying] = () => FileMerge.CopyFile(from, to),
                });
                long bytes = new FileInfo(from).Length;
                points.Add((bytes / 1e6, seconds[converting]));
                rate = bytes / seconds[copying];
            }
            return new("convert", "converting an adapter", "MB of the file", Copying(rate), Curve.WithTheory(points, at => at * 1e6 / rate));
        }
        finally
        {
            Directory.Delete(root, true);
        }
    }

    static string Products(ProductRate rate) =>
        FormattableString.Invariant($"products at {rate.FlopsPerSecond / 1e9:0} GFLOP/s and the smallest's rest");

    static string Copying(double rate) => FormattableString.Invariant($"bytes at a copy's {rate / 1e6:0} MB/s and the smallest's rest");

    static double StepOf(BenchModel model, int rank)
    {
        using var scope = NewDisposeScope();
        using (model)
        {
            using var way = new Way(model, new BenchMethod(BenchMethod.Lora, "lora", o => o with { Rank = rank, Alpha = rank }));
            return rounds.Median(way.Step);
        }
    }
}
