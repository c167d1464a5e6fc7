#include "definitions.h"

#include <math.h>

void definition_moments(const PstMap *x, double eps, float *mean, float *deviation)
{
    gsize pixels = (gsize)x->height * x->width;
    for (int c = 0; c < x->channels; c++) {
        double sum = 0, squares = 0;
        for (gsize p = 0; p < pixels; p++)
            sum += x->data[p * x->channels + c];
        sum /= pixels;
        for (gsize p = 0; p < pixels; p++) {
            double distance = x->data[p * x->channels + c] - sum;
            squares += distance * distance;
        }
        mean[c] = (float)sum;
        deviation[c] = (float)sqrt(squares / pixels + eps);
    }
}

void definition_moments_gradient(const PstMap *x, const float *mean, const float *deviation, const float *dmean,
                                 const float *ddeviation, PstMap *dx)
{
    gsize pixels = (gsize)x->height * x->width;
    for (gsize p = 0; p < pixels; p++)
        for (int c = 0; c < x->channels; c++) {
            gsize i = p * x->channels + c;
            double gradient = dmean != NULL ? dmean[c] : 0;
            if (ddeviation != NULL)
                gradient += (double)ddeviation[c] * (x->data[i] - mean[c]) / deviation[c];
            dx->data[i] += (float)(gradient / pixels);
        }
}

void definition_covariance(const PstMap *x, const float *mean, float *covariance)
{
    gsize pixels = (gsize)x->height * x->width;
    for (int i = 0; i < x->channels; i++)
        for (int j = 0; j < x->channels; j++) {
            double sum = 0;
            for (gsize p = 0; p < pixels; p++) {
                const float *pixel = x->data + p * x->channels;
                sum += ((double)pixel[i] - mean[i]) * ((double)pixel[j] - mean[j]);
            }
            covariance[i * x->channels + j] = (float)(sum / pixels);
        }
}

void definition_pointwise_gradient_weights(const PstMap *x, const PstMap *dy, float *dweight, float *dbias)
{
    gsize pixels = (gsize)x->height * x->width;
    for (int o = 0; o < dy->channels; o++) {
        double bias = 0;
        for (gsize p = 0; p < pixels; p++)
            bias += dy->data[p * dy->channels + o];
        if (dbias != NULL)
            dbias[o] += (float)bias;
        for (int i = 0; i < x->channels; i++) {
            double sum = 0;
            for (gsize p = 0; p < pixels; p++)
                sum += (double)dy->data[p * dy->channels + o] * x->data[p * x->channels + i];
            dweight[o * x->channels + i] += (float)sum;
        }
    }
}
