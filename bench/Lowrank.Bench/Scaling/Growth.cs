namespace Lowrank.Bench;

/// <summary>How times grow: with tokens, rank, targets and sizes of files, each beside what the work alone would take.</summary>
static class Growth
{
    /// <summary>The curves by name.</summary>
    public static IReadOnlyList<(string Name, Func<Curve> Measure)> All { get; } =
    [
        ("tokens", Tokens), ("rank", Rank), ("targets", Targets), ("merge", Merge), ("convert", Convert),
    ];

    // All points of a curve take turns: a slow moment meets all of them.
    static readonly Rounds rounds = new(AtLeast: 3, AtMost: 25, Seconds: 25);

    // The dtype that training takes by itself.
    static ScalarType Dtype => Processor.Current.MultipliesBFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;

    static string DtypeName => Dtypes.Name(Dtype);

    const int Depth = 2, UsualRank = 8, Batch = 4, UsualTokens = 256;

    static Curve Tokens()
    {
        var work = new ProductRate(Dtype);
        int[] counts = [64, 128, 256, 512, 1024, 2048, 4096, 8192];
        var points = Steps(counts, tokens => (BenchModel.Decoder(Depth, 1, tokens, new Storage(Dtype)), UsualRank));
        return new("tokens", $"step, one sequence of tokens, {DtypeName}", "tokens", Products(work),
            Curve.WithTheory(points, at => work.Seconds(StepWork.OfDecoder(Depth, 1, (long)at, UsualRank))));
    }

    static Curve Rank()
    {
        var work = new ProductRate(Dtype);
        var points = Steps([4, 8, 16, 32, 64, 128, 256], rank => (BenchModel.Decoder(Depth, Batch, UsualTokens, new Storage(Dtype)), rank));
        return new("rank", $"step of {Batch}x{UsualTokens} tokens, {DtypeName}", "rank", Products(work),
            Curve.WithTheory(points, at => work.Seconds(StepWork.OfDecoder(Depth, Batch, UsualTokens, (long)at))));
    }

    static Curve Targets()
    {
        var work = new ProductRate(Dtype);
        int[] counts = [10, 30, 100, 300, 1000];
        var points = Steps(counts, count => (BenchModel.Chain(count, new Storage(Dtype)), UsualRank));
        return new("targets", $"step over a chain of layers, {DtypeName}", "targets", $"{Products(work)}, for each target",
            Curve.WithTheory(points, at => work.Seconds(StepWork.OfChain((int)at, UsualRank)), at => at / counts[0]));
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
            int[] ranks = [4, 8, 16, 32, 64, 128, 256];
            string[] files = [.. ranks.Select(rank => AdapterFilesTime.Write(root, $"{rank}", model, rank))];
            const string copying = "copy of the largest";
            var runs = files.ToDictionary(file => file, file => (Action)(() => AdapterFilesTime.Convert(file, to, model)));
            runs[copying] = () => FileMerge.CopyFile(files[^1], to);
            var seconds = rounds.Medians(runs);
            static double Bytes(string file) => new FileInfo(file).Length;
            double rate = Bytes(files[^1]) / seconds[copying];
            return new("convert", "converting an adapter", "MB of the file", Copying(rate),
                Curve.WithTheory([.. files.Select(file => (Bytes(file) / 1e6, seconds[file]))], at => at * 1e6 / rate));
        }
        finally
        {
            Directory.Delete(root, true);
        }
    }

    static string Products(ProductRate rate) =>
        FormattableString.Invariant($"products at {rate.FlopsPerSecond / 1e9:0} GFLOP/s and the smallest's rest");

    static string Copying(double rate) => FormattableString.Invariant($"bytes at a copy's {rate / 1e6:0} MB/s and the smallest's rest");

    static IReadOnlyList<(double At, double Seconds)> Steps(IReadOnlyList<int> counts, Func<int, (BenchModel Model, int Rank)> make)
    {
        using var scope = NewDisposeScope();
        var made = new Dictionary<string, (int At, BenchModel Model, Way Way)>();
        foreach (int count in counts)
        {
            var (model, rank) = make(count);
            var lora = new BenchMethod(BenchMethod.Lora, "lora", options => options with { Rank = rank, Alpha = rank });
            made[$"{count}"] = (count, model, new Way(model, lora));
        }
        var seconds = rounds.Medians(made.ToDictionary(one => one.Key, one => (Action)one.Value.Way.Step));
        foreach (var (_, model, way) in made.Values)
        {
            way.Dispose();
            model.Dispose();
        }
        return [.. made.Select(one => ((double)one.Value.At, seconds[one.Key]))];
    }
}
