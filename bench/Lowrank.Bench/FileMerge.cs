namespace Lowrank.Bench;

/// <summary>
/// Merging an adapter of rank 32 over all transformers and text encoders into a checkpoint of XL's shapes in float16, tensor by
/// tensor, beside copying the file. Takes three times its size on the disk.
/// </summary>
/// <param name="Bytes">Size of the checkpoint.</param>
/// <param name="Targets">Layers that the adapter changes.</param>
/// <param name="Copy">Median seconds of a copy, to the disk.</param>
/// <param name="Merge">Median seconds of a merge, in a process of its own.</param>
/// <param name="Added">MB that merging adds to that process at rest.</param>
sealed record FileMerge(long Bytes, int Targets, double Copy, double Merge, double Added)
{
    /// <summary>Channels of the first level: of XL itself (6.6 GB), and for a short measure.</summary>
    public const int Published = 320, Small = 128;

    /// <summary>The row of the table. XL itself has its text encoders too, which are 1.6 GB at every width.</summary>
    /// <param name="width">Channels of the first level, a multiple of 64.</param>
    /// <param name="rounds">Rounds.</param>
    public static Row Row(int width, int rounds)
    {
        var times = Measure(width, rounds, textEncoders: width == Published);
        return About(width) with
        {
            Shape = FormattableString.Invariant($"{times.Bytes / 1e9:0.0} GB, {times.Targets} targets"),
            Seconds = times.Merge,
            Peer = "copying the file",
            PeerSeconds = times.Copy,
            Aim = Aims.Merge,
            Megabytes = times.Added,
        };
    }

    public static Row About(int width) => new(Section.MergeFile, "merge into a file", $"XL, {width} channels", "f16");

    /// <param name="width">Channels of the first level, a multiple of 64.</param>
    /// <param name="rounds">Rounds.</param>
    /// <param name="textEncoders">Whether the file has them; 1.6 GB at every width.</param>
    public static FileMerge Measure(int width, int rounds, bool textEncoders)
    {
        string root = Directory.CreateTempSubdirectory("lowrank-bench-merge-").FullName;
        string In(string name) => Path.Combine(root, name + ".safetensors");
        string sparse = In("sparse"), single = In("xl"), adapter = In("adapter"), to = In("to");
        try
        {
            CheckpointFiles.MakeSparse(sparse, width, textEncoders);
            Fill(sparse, single);
            File.Delete(sparse);
            int targets = MakeAdapter(adapter, single);
            List<double> copies = [], merges = [];
            double added = 0;
            for (int round = 0; round < rounds; round++)
            {
                copies.Add(BenchClock.Seconds(() => CopyFile(single, to)));
                File.Delete(to);
                var merged = PeakMemory.Measure("merge-of", single, adapter, to);
                added = Math.Max(added, merged.Added);
                merges.Add(merged.Seconds);
                File.Delete(to);
            }
            return new(new FileInfo(single).Length, targets, Rounds.Median(copies), Rounds.Median(merges), added);
        }
        finally
        {
            Directory.Delete(root, true);
        }
    }

    public static void Child(string single, string adapter, string to)
    {
        empty(1).Dispose();   // loads libtorch
        PeakMemory.Report(() =>
        {
            using var model = ModelKinds.Outline(single);
            using var read = AdapterFile.Read(adapter, model.Describe(), weights: model.Weight);
            var merge = new WeightMerge(model.Describe(), [new MergeTerm(read, 0.8)], model.Weight);
            ModelRewriting.Rewrite(model, to, new WeightEdit(merge.Touches, merge.Change));
        });
    }

    static int MakeAdapter(string path, string single)
    {
        using var scope = NewDisposeScope();
        using var model = ModelKinds.Outline(single);
        using var adapter = AdapterFactory.Create(TargetSelection.Kohya(model.Describe(), textEncoder: true), new LoraOptions(32, 16));
        AdapterFile.Write(path, adapter, model.Describe(), dtype: ScalarType.Float16);
        return adapter.Targets.Count;
    }

    // Values as weights have them: a disk may make less of zeros.
    static void Fill(string sparse, string single)
    {
        using var scope = NewDisposeScope();
        long length = new FileInfo(sparse).Length;
        var values = (randn(1 << 24) * 0.02).to(ScalarType.Float16);
        using var header = File.OpenRead(sparse);
        using var target = new FileStream(single, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1);
        var bytes = new byte[8];
        header.ReadExactly(bytes);
        bytes = [.. bytes, .. new byte[BitConverter.ToInt64(bytes)]];
        header.ReadExactly(bytes.AsSpan(8));
        target.Write(bytes);
        while (target.Position < length) target.Write(values.bytes[..(int)Math.Min(values.bytes.Length, length - target.Position)]);
        target.Flush(flushToDisk: true);
    }

    /// <summary>Copies a file to the disk, as what is merged is written.</summary>
    public static void CopyFile(string from, string to)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        using var target = new FileStream(to, FileMode.Create, FileAccess.Write, FileShare.None, 1);
        source.CopyTo(target, 1 << 22);
        target.Flush(flushToDisk: true);
    }
}
