namespace Lowrank.Diffusion;

/// <summary>Pictures resized and cropped, and turned into tensors and back.</summary>
public static class PictureTransforms
{
    /// <summary>The middle of the picture at exactly this size: resized to cover it, and cropped.</summary>
    public static Picture CoverCrop(Picture picture, int width, int height)
    {
        var (covered, x, y) = (Cover(picture, width, height), 0, 0);
        (x, y) = ((covered.Width - width) / 2, (covered.Height - height) / 2);
        return Crop(covered, x, y, width, height);
    }

    /// <summary>The whole picture, its sides kept in proportion, just large enough to cover this size.</summary>
    public static Picture Cover(Picture picture, int width, int height)
    {
        double scale = Math.Max((double)width / picture.Width, (double)height / picture.Height);
        return Resize(picture, Math.Max((int)(picture.Width * scale + 0.5), width), Math.Max((int)(picture.Height * scale + 0.5), height));
    }

    /// <summary>
    /// The picture at another size: by area where both sides shrink, else by Lanczos. What kohya's scripts do, to one step of 255.
    /// </summary>
    public static Picture Resize(Picture picture, int width, int height)
    {
        if (width == picture.Width && height == picture.Height) return picture;
        bool shrinks = width <= picture.Width && height <= picture.Height;
        return shrinks
            ? AreaResampler.Resize(picture, width, height)
            : Resampler.Resize(picture, width, height, ResamplingKernel.Lanczos);
    }

    /// <summary>A part of the picture.</summary>
    /// <exception cref="LowrankException">The part lies outside of it.</exception>
    public static Picture Crop(Picture picture, int x, int y, int width, int height)
    {
        new PictureRegion(x, y, x + width, y + height).CheckWithin(picture.Width, picture.Height, "picture");
        if (width == picture.Width && height == picture.Height) return picture;
        var pixels = new byte[3 * width * height];
        for (int row = 0; row < height; row++)
            picture.Pixels.AsSpan(3 * ((y + row) * picture.Width + x), 3 * width).CopyTo(pixels.AsSpan(3 * row * width));
        return new Picture(width, height, pixels) { InfoText = picture.InfoText };
    }

    /// <summary>A tensor (3, H, W), float32 in [−1, 1].</summary>
    public static Tensor ToTensor(Picture picture)
    {
        using var scope = NewDisposeScope();
        var bytes = empty([picture.Height, picture.Width, 3], dtype: ScalarType.Byte, device: CPU);
        bytes.bytes = picture.Pixels;
        return scope.MoveToOuter(bytes.permute(2, 0, 1).to(ScalarType.Float32).div(127.5).sub(1).contiguous());
    }

    /// <summary>The picture of a tensor (3, H, W) in [−1, 1]; what lies outside is clamped, and values are rounded.</summary>
    /// <param name="image">The tensor.</param>
    /// <param name="truncates">Whether values are cut instead, half a level darker on average, as AUTOMATIC1111 and ComfyUI do.</param>
    public static Picture FromTensor(Tensor image, bool truncates = false)
    {
        using var scope = NewDisposeScope();
        var (channels, height, width) = image.shape;
        if (channels != 3)
            throw new ShapeException($"a picture has 3 channels, and the tensor has {channels}: shape ({channels}, {height}, {width})");
        var values = image.detach().cpu().to(ScalarType.Float32).add(1);
        // In the programs' own order of operations where they cut, so that 128.99999 is what it is there.
        var levels = truncates ? values.div(2).clamp(0, 1).mul(255).floor() : values.mul(127.5).clamp(0, 255).round();
        var bytes = levels.to(ScalarType.Byte).permute(1, 2, 0).contiguous();   // (H, W, C)
        return new Picture((int)width, (int)height, bytes.bytes.ToArray());
    }
}
