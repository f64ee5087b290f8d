namespace Lowrank.Training;

/// <summary>Whether a model can be trained as a recipe asks.</summary>
static class TrainableModel
{
    /// <summary>Whether the network predicts v: as the recipe says, or else the model's scheduler.</summary>
    public static bool PredictsV(StableDiffusion model, TrainingRecipe recipe) =>
        (DenoisingSection.Predictions.Of(recipe.Denoising.Prediction) ?? model.Scheduler.Prediction) == PredictionType.Velocity;

    /// <summary>Whether its noise levels end in pure noise: as the recipe says, or else the model's scheduler.</summary>
    public static bool EndsInNoise(StableDiffusion model, TrainingRecipe recipe) =>
        recipe.Denoising.ZeroTerminalSnr || model.Scheduler.RescaleBetasZeroSnr;

    /// <summary>Throws where it cannot.</summary>
    /// <exception cref="LowrankException">Says why, and what to do.</exception>
    public static void Check(StableDiffusion model, TrainingRecipe recipe)
    {
        string name = recipe.Model.BaseModel;
        var (channels, latents) = (model.UNetConfig.InChannels, model.VaeConfig.LatentChannels);
        if (channels != latents)
            throw new LowrankException(
                $"{name} takes {channels} channels where latents have {latents}: an inpainting model, which cannot be trained here yet. " +
                "Train on its ordinary base; the adapter fits both.");
        // At pure noise min-SNR and debiased estimation divide 0 by 0 for the noise, and there is nothing to learn.
        if (EndsInNoise(model, recipe) && !PredictsV(model, recipe))
            throw new LowrankException(
                $"noise levels that end in pure noise need a model that predicts v, and {name} predicts the noise. " +
                "Leave zero_terminal_snr out, or set prediction: v_prediction if the model's config is wrong.");
        int factor = model.VaeConfig.Factor;
        var size = recipe.Pictures.Size;
        if (size.Width % factor != 0 || size.Height % factor != 0)
            throw new LowrankException($"the training size {size} is no multiple of {factor}, which this model's autoencoder needs.");
    }
}
