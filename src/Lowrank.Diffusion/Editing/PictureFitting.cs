namespace Lowrank.Diffusion;

/// <summary>Brings pictures and masks to a size, by a way to fit.</summary>
/// <remarks>Source: AUTOMATIC1111, modules/images.py, resize_image, at 1.10.1.</remarks>
public static class PictureFitting
{
    /// <summary>The picture at exactly that size.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    /// <param name="fit">What becomes of another form.</param>
    /// <param name="upscaler">How it is enlarged; null, or "None", means Lanczos.</param>
    public static Picture Fit(Picture picture, int width, int height, PictureFit fit, Upscaler? upscaler = null)
    {
        if (fit == PictureFit.Stretch) return Resized(picture, width, height, upscaler);
        var (innerWidth, innerHeight) = Inner(picture.Width, picture.Height, width, height, covers: fit == PictureFit.Crop);
        var resized = Resized(picture, innerWidth, innerHeight, upscaler);
        var fitted = Picture.Filled(width, height, 0, 0, 0);
        var (left, top) = (width / 2 - innerWidth / 2, height / 2 - innerHeight / 2);
        fitted.PasteWithin(resized, left, top);
        if (fit == PictureFit.Fill) DrawOut(fitted, resized, left, top);
        return fitted;
    }

    /// <summary>The mask at exactly that size; what is not covered is kept.</summary>
    /// <inheritdoc cref="Fit(Picture, int, int, PictureFit, Upscaler?)"/>
    public static Mask Fit(Mask mask, int width, int height, PictureFit fit) => Mask.LightOf(Fit(mask.ToPicture(), width, height, fit));

    static Picture Resized(Picture picture, int width, int height, Upscaler? upscaler)
    {
        bool isPlain = upscaler is null || upscaler == Upscalers.None;
        double scale = Math.Max((double)width / picture.Width, (double)height / picture.Height);
        if (!isPlain && scale > 1) picture = upscaler!.Scale(picture, scale);
        return Resampler.Resize(picture, width, height, ResamplingKernel.Lanczos);
    }

    // One side is the size's own, the other follows the picture's form: the one or the other, as it covers the size or lies within it.
    static (int Width, int Height) Inner(int pictureWidth, int pictureHeight, int width, int height, bool covers)
    {
        double form = (double)width / height, own = (double)pictureWidth / pictureHeight;
        bool keepsWidth = covers ? form > own : form < own, keepsHeight = covers ? form <= own : form >= own;
        return (
            keepsWidth ? width : Math.Max((int)((long)pictureWidth * height / pictureHeight), 1),
            keepsHeight ? height : Math.Max((int)((long)pictureHeight * width / pictureWidth), 1));
    }

    // Fills what the picture leaves above and below, or left and right, with its outermost rows or columns.
    static void DrawOut(Picture fitted, Picture resized, int left, int top)
    {
        var (kernel, size) = (ResamplingKernel.Bicubic, PictureRegion.Whole(resized.Width, resized.Height));
        if (top > 0)
        {
            fitted.PasteWithin(Resampler.Resize(resized, size with { Bottom = 0 }, fitted.Width, top, kernel), 0, 0);
            var last = size with { Top = resized.Height };
            fitted.PasteWithin(Resampler.Resize(resized, last, fitted.Width, top, kernel), 0, top + resized.Height);
        }
        else if (left > 0)
        {
            fitted.PasteWithin(Resampler.Resize(resized, size with { Right = 0 }, left, fitted.Height, kernel), 0, 0);
            var last = size with { Left = resized.Width };
            fitted.PasteWithin(Resampler.Resize(resized, last, left, fitted.Height, kernel), left + resized.Width, 0);
        }
    }
}
