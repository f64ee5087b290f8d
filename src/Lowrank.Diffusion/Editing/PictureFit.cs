namespace Lowrank.Diffusion;

/// <summary>How a picture comes to a size of another form.</summary>
public enum PictureFit
{
    /// <summary>Stretched: "Just resize".</summary>
    Stretch = 0,

    /// <summary>Covers the size; what sticks out is cut off: "Crop and resize".</summary>
    Crop = 1,

    /// <summary>Lies whole within the size; its edges are drawn out over the rest: "Resize and fill".</summary>
    Fill = 2,
}
