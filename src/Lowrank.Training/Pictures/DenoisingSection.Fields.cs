using Field = Lowrank.Training.SectionField<Lowrank.Training.DenoisingSection>;

namespace Lowrank.Training;

// What files, options and metadata call it.
public sealed partial record DenoisingSection
{
    const string NothingToLearn =
        "zero_terminal_snr needs a model that predicts v (at pure noise, predicting the noise teaches nothing), and prediction is epsilon";

    static readonly NumberRange shares = NumberRange.Between(0, 1);

    /// <summary>Its fields.</summary>
    public static IReadOnlyList<RecipeField> Fields { get; } =
    [
        Field.Number("min_snr_gamma", "Gamma of min-SNR weighting; 0 weighs all timesteps alike",
            s => s.MinSnrGamma, (s, v) => s with { MinSnrGamma = v }, NumberRange.AtLeast(0)) with
        {
            AlsoCalled = ["snr_gamma"],
            MetadataKey = "ss_min_snr_gamma",
            MetadataValue = recipe => AboveZero(recipe.Denoising.MinSnrGamma),
        },
        Field.Number("noise_offset", "Noise offset, 0.03 to 0.1; 0 leaves it out",
            s => s.NoiseOffset, (s, v) => s with { NoiseOffset = v }, NumberRange.AtLeast(0)) with
        {
            MetadataKey = "ss_noise_offset",
            MetadataValue = recipe => AboveZero(recipe.Denoising.NoiseOffset),
        },
        Field.Word("loss", Losses.Prose, () => Losses.All, s => s.Loss, (s, v) => s with { Loss = v }) with
        {
            AlsoCalled = ["loss_type"],
            MetadataKey = "ss_loss_type",
        },
        Field.Word("huber_schedule", $"How the threshold of huber and smooth_l1 falls with the noise: {HuberSchedules.Prose}",
            () => HuberSchedules.All, s => s.HuberSchedule, (s, v) => s with { HuberSchedule = v }) with
        {
            MetadataKey = "ss_huber_schedule",
            Idle = WithoutThreshold,
        },
        Field.Number("huber_c", "Threshold of huber and smooth_l1",
            s => s.HuberC, (s, v) => s with { HuberC = v }, NumberRange.Above(0)) with
        {
            MetadataKey = "ss_huber_c",
            Idle = WithoutThreshold,
        },
        Field.Switch("debiased_estimation", "Weigh noise levels by 1/sqrt(SNR) (debiased_estimation_loss)",
            s => s.DebiasedEstimation, (s, v) => s with { DebiasedEstimation = v }) with
        {
            AlsoCalled = ["debiased_estimation_loss"],
            MetadataKey = "ss_debiased_estimation",
        },
        Field.Whole("multires_noise_iterations", "Levels of pyramid noise, 6 to 10; 0 leaves it out",
            s => s.MultiresNoiseIterations, (s, v) => s with { MultiresNoiseIterations = (int)v }, NumberRange.AtLeast(0)) with
        {
            MetadataKey = "ss_multires_noise_iterations",
            MetadataValue = recipe => recipe.Denoising.MultiresNoiseIterations > 0 ? recipe.Denoising.MultiresNoiseIterations : null,
        },
        Field.Number("multires_noise_discount", "Weight of a level of pyramid noise against the one before",
            s => s.MultiresNoiseDiscount, (s, v) => s with { MultiresNoiseDiscount = v }, shares) with
        {
            MetadataKey = "ss_multires_noise_discount",
            Idle = recipe => recipe.Denoising.MultiresNoiseIterations > 0 ? null : "multires_noise_iterations is 0",
        },
        Field.Number("ip_noise_gamma", "Noise that the input has beyond its target, 0.05 to 0.1; 0 leaves it out",
            s => s.IpNoiseGamma, (s, v) => s with { IpNoiseGamma = v }, NumberRange.AtLeast(0)) with
        {
            AlsoCalled = ["input_perturbation"],
            MetadataKey = "ss_ip_noise_gamma",
            MetadataValue = recipe => AboveZero(recipe.Denoising.IpNoiseGamma),
        },
        Field.Whole("min_timestep", "First noise level that is trained", s => s.MinTimestep, (s, v) => s with { MinTimestep = (int)v }) with
        {
            Check = s => Ordered(s) ? []
                : [$"min_timestep is {s.MinTimestep} and max_timestep is {s.MaxTimestep} (0 to 1000, the first below the second)"],
        },
        Field.Whole("max_timestep", "Where noise levels end, itself not trained",
            s => s.MaxTimestep, (s, v) => s with { MaxTimestep = (int)v }),
        Field.Switch("zero_terminal_snr", "Make the last noise level pure noise; for models that predict v",
            s => s.ZeroTerminalSnr, (s, v) => s with { ZeroTerminalSnr = v }) with
        {
            Check = s => TeachesNothing(s) ? [NothingToLearn] : [],
        },
        Field.Word("prediction", Predictions.Prose, () => Predictions.All, s => s.Prediction, (s, v) => s with { Prediction = v }) with
        {
            AlsoCalled = ["prediction_type"],
        },
    ];

    static string? WithoutThreshold(TrainingRecipe recipe) =>
        recipe.Denoising.Loss is "huber" or "smooth_l1" ? null : $"loss is {recipe.Denoising.Loss}";

    static double? AboveZero(double value) => value > 0 ? value : null;

    static bool Ordered(DenoisingSection section) =>
        section is { MinTimestep: >= 0, MaxTimestep: <= 1000 } && section.MinTimestep < section.MaxTimestep;

    static bool TeachesNothing(DenoisingSection section) => section is { ZeroTerminalSnr: true, Prediction: "epsilon" };
}
