using System.Globalization;

namespace Lowrank.Models;

/// <summary>How large a change of weights is, and how much of it the types that are written lose.</summary>
sealed class ChangeNorms
{
    // What is lost beyond this share is told; beyond the second, little is left.
    const double Noticed = 0.01, AllBut = 0.5;

    double change, error;
    (string Name, double Share) worst = ("", 0);

    /// <summary>Counts a weight in.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="before">As it was.</param>
    /// <param name="wide">As it is to be.</param>
    /// <param name="after">As what is written stands for.</param>
    public void Add(string name, Tensor before, Tensor wide, Tensor after)
    {
        using var scope = NewDisposeScope();
        double ofChange = Square(wide, before), ofError = Square(after, wide);
        (change, error) = (change + ofChange, error + ofError);
        double share = ofChange > 0 ? Math.Sqrt(ofError / ofChange) : 0;
        if (share > worst.Share) worst = (name, share);
    }

    static double Square(Tensor one, Tensor other) =>
        (one.to(ScalarType.Float64) - other.to(ScalarType.Float64)).square().sum().ToDouble();

    // Larger numbers are told by their powers of ten.
    const double Plain = 1e6;

    /// <summary>Frobenius norm of the whole change.</summary>
    public double Change => Math.Sqrt(change);

    /// <summary>Norm of what is lost, as a share of the change's.</summary>
    public double Error => change > 0 ? Math.Sqrt(error / change) : 0;

    /// <summary>What the user should be told, a sentence each.</summary>
    /// <param name="asked">The dtype that was asked for; null for the model's.</param>
    public IEnumerable<string> Notes(TensorDtype? asked)
    {
        if (Change == 0 && Error == 0) yield break;
        string norm = Change.ToString(Change < Plain ? "0.####" : "0.###e+0", CultureInfo.InvariantCulture);
        yield return $"What was added has norm {norm}.";
        if (Error <= Noticed) yield break;
        string layer = Layer(worst.Name);
        string most = string.Create(CultureInfo.InvariantCulture, $"{Error:0.0 %} of that, and of {worst.Share:0.0 %} at {layer}");
        string lost = Error > AllBut ? ": the change is all but lost" : "";
        string wider = asked == TensorDtype.F16 ? "f32" : "f16, f32";
        yield return $"The types that are written make an error of {most}{lost}. " +
            $"Give a wider `dtype` ({wider}) to keep it, or attach the adapter instead of merging.";
    }

    // The layer's path as files have it.
    static string Layer(string name)
    {
        var (first, last) = (name.IndexOf('.'), name.LastIndexOf('.'));
        return last > first ? name[(first + 1)..last] : name;
    }
}
