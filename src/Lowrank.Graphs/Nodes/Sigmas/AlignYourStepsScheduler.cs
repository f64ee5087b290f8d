namespace Lowrank.Graphs;

/// <summary>Sigmas that were found by search, for a family of models each; the last is put to 0.</summary>
/// <remarks>Sabour et al. 2024, "Align Your Steps" (arXiv:2404.14507).</remarks>
sealed class AlignYourStepsScheduler : GraphNode
{
    public override string ClassType => "AlignYourStepsScheduler";

    public override IReadOnlyList<NodeInput> Inputs { get; } =
    [
        new ChoiceInput("model_type", "SD1", "SDXL", "SVD") { IsUnchecked = true },
        new WholeInput("steps", 10, 1, 10000),
        new NumberInput("denoise", 1, 0, 1),
    ];

    public override IReadOnlyList<string> Outputs { get; } = [GraphTypes.Sigmas];

    public override IReadOnlyList<GraphValue> Run(NodeRun run)
    {
        int steps = run.Whole("steps");
        var sigmas = Spread.Logarithmic(Tables[run.Choice("model_type")], steps + 1);
        return [new SigmasValue(SearchedSigmas.LastOf([.. sigmas], steps, run.Number("denoise")))];
    }

    static Dictionary<string, double[]> Tables { get; } = new()
    {
        ["SD1"] =
        [
            14.6146412293, 6.4745760956, 3.8636745985, 2.6946151520, 1.8841921177, 1.3943805092,
            0.9642583904, 0.6523686016, 0.3977456272, 0.1515232662, 0.0291671582,
        ],
        ["SDXL"] =
        [
            14.6146412293, 6.3184485287, 3.7681790315, 2.1811480769, 1.3405244945, 0.8620721141,
            0.5550693289, 0.3798540708, 0.2332364134, 0.1114188177, 0.0291671582,
        ],
        ["SVD"] = [700.00, 54.5, 15.886, 7.977, 4.248, 1.789, 0.981, 0.403, 0.173, 0.034, 0.002],
    };
}
