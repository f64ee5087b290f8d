namespace Lowrank.Workbench;

/// <summary>Pictures that are changed, made ready for the network, and what is put around its answer again.</summary>
/// <remarks>Source: AUTOMATIC1111, modules/processing.py, StableDiffusionProcessingImg2Img.init, at 82a973c.</remarks>
sealed class PreparedPictures
{
    readonly ChangedPictures given;
    readonly int width, height;
    readonly List<Picture> pictures = [];
    readonly List<PictureOverlay> overlays = [];

    /// <summary>Brings pictures and mask to the size, and tells of it.</summary>
    /// <param name="given">The pictures.</param>
    /// <param name="width">Pixels across that are drawn.</param>
    /// <param name="height">Pixels down.</param>
    /// <param name="ground">What shows through where a picture is clear.</param>
    /// <param name="correctsColours">Whether the answer's colours are brought back to the originals'.</param>
    /// <param name="facts">What the pictures' texts tell.</param>
    /// <param name="comments">What is passed over.</param>
    public PreparedPictures(
        ChangedPictures given, int width, int height, Colour ground, bool correctsColours, InfoFields facts,
        ICollection<string> comments)
    {
        (this.given, this.width, this.height) = (given, width, height);
        var cover = given.Mask is { } mask ? Covering(mask, facts, comments) : null;
        foreach (var one in given.Pictures) Add(one.On(ground), cover, facts);
        if (correctsColours) Corrections = [.. pictures.Select(picture => new ColourCorrection(picture))];
    }

    /// <summary>The pictures as the autoencoder is shown them.</summary>
    public IReadOnlyList<Picture> Pictures => pictures;

    /// <summary>Where they are changed, at the size that is drawn; null for everywhere.</summary>
    public Mask? Mask { get; private set; }

    /// <summary>The part of the originals that is drawn at the whole size; null for all of them.</summary>
    public PictureRegion? Region { get; private set; }

    /// <summary>What brings the answer's colours back to the original's, for each picture; null where nobody asked for it.</summary>
    public IReadOnlyList<ColourCorrection>? Corrections { get; }

    /// <summary>What was drawn, with its surroundings again.</summary>
    /// <param name="drawn">The picture.</param>
    /// <param name="number">Its number in the batch.</param>
    /// <param name="overlaysOriginal">Whether the original is laid over what was not to be changed.</param>
    public Picture Finish(Picture drawn, int number, bool overlaysOriginal)
    {
        if (Corrections is { Count: > 0 } all) drawn = all[all.Count == 1 ? 0 : number].Apply(drawn);
        if (!overlaysOriginal || overlays.Count == 0) return drawn;
        return overlays[overlays.Count == 1 ? 0 : number].Over(drawn, Region);
    }

    // The mask that the original is laid over by.
    Mask? Covering(AlphaPicture picture, InfoFields facts, ICollection<string> comments)
    {
        var mask = picture.ToMask(given.MaskRound);
        if (given.Inverts)
        {
            mask = mask.Inverted();
            facts.Add(InfoLabel.MaskMode, ChangedPictures.NotMaskedLabel);
        }
        mask = MaskBlur.Gaussian(mask, given.MaskBlur.Across, given.MaskBlur.Down);
        bool isBlurred = given.MaskBlur.Across > 0 || given.MaskBlur.Down > 0;
        if (isBlurred && given.MaskBlur.Across == given.MaskBlur.Down) facts.Add(InfoLabel.MaskBlur, (long)given.MaskBlur.Across);
        if (!given.OnlyMasked)
        {
            Mask = PictureFitting.Fit(mask, width, height, given.MaskFit);
            return Mask.Doubled();
        }
        if (PictureRegion.Around(mask, given.Padding) is not { } region)
        {
            comments.Add("The mask is blank, so that nothing can be drawn in it alone: the whole picture is changed.");
            return null;
        }
        Region = region.ExpandedTo(width, height, mask.Width, mask.Height);
        Mask = PictureFitting.Fit(mask.Crop(Region.Value), width, height, PictureFit.Fill);
        facts.Add(InfoLabel.MaskedArea, ChangedPictures.OnlyMaskedLabel);
        facts.Add(InfoLabel.MaskPadding, (long)given.Padding);
        return mask;
    }

    void Add(Picture picture, Mask? cover, InfoFields facts)
    {
        bool fits = Region is null && !given.StretchesLatents;
        if (fits) picture = PictureFitting.Fit(picture, width, height, (PictureFit)given.ResizeMode);
        if (cover is not null)
        {
            if ((cover.Width, cover.Height) != (picture.Width, picture.Height))
                cover = PictureFitting.Fit(cover, picture.Width, picture.Height, given.MaskFit);
            overlays.Add(new(picture, cover));
        }
        if (Region is { } region)
        {
            var part = PictureTransforms.Crop(picture, region.Left, region.Top, region.Width, region.Height);
            picture = PictureFitting.Fit(part, width, height, PictureFit.Fill);
        }
        if (Mask is not null && given.Fill != MaskedContent.Original)
        {
            picture = MaskedFill.Fill(picture, Mask);
            if (given.Fill == MaskedContent.Surroundings) facts.Add(MaskedContents.Field, MaskedContents.LabelOf(given.Fill));
        }
        pictures.Add(picture);
    }
}
