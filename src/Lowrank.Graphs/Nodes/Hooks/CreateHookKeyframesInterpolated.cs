namespace Lowrank.Graphs;

/// <summary>
/// Keyframes evenly along a stretch of the way, whose factors go from one to another; the first lasts for one step at least.
/// </summary>
sealed class CreateHookKeyframesInterpolated : GraphNode
{
    public override string ClassType => "CreateHookKeyframesInterpolated";

    public override string Title => "Create Hook Keyframes Interp.";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        new NumberInput("strength_start", 1, 0, 10, 0.001),
        new NumberInput("strength_end", 1, 0, 10, 0.001),
        new ChoiceInput("interpolation", "linear", "ease_in", "ease_out", "ease_in_out"),
        new NumberInput("start_percent", 0, 0, 1, 0.001),
        new NumberInput("end_percent", 1, 0, 1, 0.001),
        new WholeInput("keyframes_count", 5, 2, 100, 1),
        new FlagInput("print_keyframes", false),
        NodeInput.MaybeLink("prev_hook_kf", GraphTypes.HookKeyframes),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.HookKeyframes];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        var keyframes = run.Find<HookKeyframesValue>("prev_hook_kf") ?? new([]);
        int count = run.Whole("keyframes_count");
        double[] starts = Even(run.Number("start_percent"), run.Number("end_percent"), count), shares = Even(0, 1, count);
        var (first, last) = (run.Number("strength_start"), run.Number("strength_end"));
        string way = run.Choice("interpolation");
        for (int i = 0; i < count; i++)
        {
            double strength = (float)(first + (last - first) * Eased(shares[i], way));
            keyframes = keyframes.With(new(strength, starts[i], LeastSteps: i == 0 ? 1 : 0));
            if (run.Flag("print_keyframes")) run.Note($"keyframe at {PlainValue.Text(starts[i])}: {PlainValue.Text(strength)}");
        }
        return [keyframes];
    }

    // In float32, as torch's linspace.
    static double[] Even(double from, double to, int count)
    {
        using var scope = NewDisposeScope();
        return [.. linspace(from, to, count, dtype: ScalarType.Float32, device: CPU).data<float>().Select(x => (double)x)];
    }

    static double Eased(double share, string way) => way switch
    {
        "ease_in" => share * share,
        "ease_out" => 1 - (1 - share) * (1 - share),
        "ease_in_out" => (1 - Math.Cos(share * Math.PI)) / 2,
        _ => share,
    };
}
