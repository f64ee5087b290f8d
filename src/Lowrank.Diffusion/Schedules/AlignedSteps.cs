namespace Lowrank.Diffusion;

/// <summary>The tables of "Align Your Steps" (Sabour et al. 2024, arXiv:2404.14507) with the digits that ComfyUI gives them.</summary>
static class AlignedSteps
{
    static readonly (string Model, double[] Sigmas)[] tables =
    [
        ("SD1",
        [
            14.6146412293, 6.4745760956, 3.8636745985, 2.6946151520, 1.8841921177, 1.3943805092, 0.9642583904, 0.6523686016, 0.3977456272,
            0.1515232662, 0.0291671582,
        ]),
        ("SDXL",
        [
            14.6146412293, 6.3184485287, 3.7681790315, 2.1811480769, 1.3405244945, 0.8620721141, 0.5550693289, 0.3798540708, 0.2332364134,
            0.1114188177, 0.0291671582,
        ]),
        ("SVD", [700.00, 54.5, 15.886, 7.977, 4.248, 1.789, 0.981, 0.403, 0.173, 0.034, 0.002]),
    ];

    /// <summary>The eleven sigmas of a model.</summary>
    internal static double[] Of(string model) => tables.FirstOrDefault(table => table.Model == model).Sigmas ??
        throw new LowrankException(
            $"Align Your Steps has no table of \"{model}\"; there are {string.Join(", ", tables.Select(table => table.Model))}");
}
