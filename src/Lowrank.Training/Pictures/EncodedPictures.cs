namespace Lowrank.Training;

/// <summary>Training pictures as the model sees them.</summary>
/// <param name="Pictures">The pictures.</param>
/// <param name="Latents">Their latents, in the same order.</param>
/// <param name="Texts">Their captions, encoded; null where the text encoders are trained and encode them each step.</param>
/// <param name="Pieces">In how many pieces of 75 tokens every caption is encoded.</param>
public sealed record EncodedPictures(IReadOnlyList<TrainingPicture> Pictures, LatentCache Latents, TextCache? Texts, int Pieces = 1)
    : IDisposable
{
    /// <summary>Encodes pictures and captions.</summary>
    /// <param name="model">Whose autoencoder and text encoders encode.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="recipe">Training size, what is trained, and whether encodings are kept on disk.</param>
    /// <param name="listener">Told how many are done.</param>
    /// <param name="cancel">Looked at between them.</param>
    public static EncodedPictures Of(
        StableDiffusion model, IReadOnlyList<TrainingPicture> pictures, TrainingRecipe recipe, ITrainingListener listener,
        CancellationToken cancel)
    {
        var section = recipe.Pictures;
        var kept = section.CacheFolder is { } folder
            ? new EncodingCache(folder) { Beside = PictureOrigins.HashOf(recipe.Model.BaseModelConfig), Warned = listener.Warned }
            : null;
        var latents = LatentCache.Encode(
            model, pictures, _ => section.Size, kept, (done, total) => listener.Prepared("encoding pictures", done, total), cancel);
        try
        {
            string[] captions = [.. pictures.Select(picture => picture.Caption), ""];   // dropout asks for the empty one
            int pieces = PromptLength.Pieces(model, captions, section.MaxTokens);
            var texts = recipe.Network.TrainTextEncoder ? null : TextCache.Encode(
                model, captions, section.ClipSkip, pieces, kept,
                (done, total) => listener.Prepared("encoding captions", done, total), cancel);
            return new(pictures, latents, texts, pieces);
        }
        catch
        {
            latents.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Latents.Dispose();
        Texts?.Dispose();
    }
}
