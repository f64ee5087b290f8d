namespace Lowrank.Bench;

/// <summary>
/// Merging an adapter of Stable Diffusion 1.5's size (192 + 72 targets, rank 32) into weights in memory, and unmerging, against reading and
/// writing those weights once; and switching between two that are attached.
/// </summary>
static class MergeTime
{
    const string Once = "reading and writing them once", Merging = "merge", Unmerging = "unmerge", Switching = "switch adapters";

    static readonly Rounds rounds = new(AtLeast: 3, AtMost: 15, Seconds: 8, IsFixed: true);

    public static Row About(ScalarType dtype) => new(Section.Merge, Merging, "SD 1.5", Dtypes.Name(dtype));

    public static IEnumerable<Row> Measure(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        random.manual_seed(1);
        var storage = new Storage(dtype);
        using var unet = RandomWeights.Fill(new UNet2DConditionModel(UNetConfig.Sd15, storage));
        using var encoder = RandomWeights.Fill(new ClipTextModel(ClipTextConfig.Sd15, storage));
        var model = StableDiffusionComponents.Describe("sd1", [("unet", unet), ("text_encoder", encoder)]);
        var targets = TargetSelection.Kohya(model, textEncoder: true);
        var layers = model.Components.SelectMany(c => c.Targets).ToDictionary(t => t.Target.Path, t => t.Layer);
        using var adapter = AdapterFactory.Create(targets, new LoraOptions(32, 16));
        foreach (var part in adapter.Trainable) part.normal_(0, 0.02);
        using var attachment = model.Attach(adapter);
        Tensor[] weights = [.. targets.Select(t => layers[t.Path].Weight.Dense())], buffers = [.. weights.Select(w => w.clone())];
        var seconds = rounds.Medians(new Dictionary<string, Action>
        {
            [Once] = () => { foreach (var (weight, buffer) in weights.Zip(buffers)) buffer.copy_(weight); },
            [Merging] = model.Merge,
            [Unmerging] = () => model.Unmerge(),
        });
        using var second = AdapterFactory.Create(targets, new LoraOptions(32, 16));
        using var other = model.Attach(second);
        other.Active = false;
        long live = Live;
        double switching = rounds.Median(() => (attachment.Active, other.Active) = (other.Active, attachment.Active));
        string over = FormattableString.Invariant($"SD 1.5, {targets.Count} targets, {weights.Sum(w => w.numel()) / 1e6:f0} M");
        var row = About(dtype) with { Shape = over, Peer = Once, PeerSeconds = seconds[Once] };
        yield return row with { Seconds = seconds[Merging], Aim = Aims.Merge };
        yield return row with { What = Unmerging, Seconds = seconds[Unmerging] };
        string? left = Live == live ? null : $"{Live - live} more tensors live than before";
        yield return row with { What = Switching, Seconds = switching, Remark = left };
    }

    static long Live => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
}
